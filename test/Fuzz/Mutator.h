//===- Mutator.h - Changes MLIR's text by its words and statements ---------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
#ifndef COSTATE_FUZZ_MUTATOR_H
#define COSTATE_FUZZ_MUTATOR_H

#include "Tokens.h"

#include <array>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace costate::fuzz {

/// What the corpus is made of, to be put elsewhere.
class Pool {
public:
  /// An input whose first line names passes.
  void add(const std::string &input);

  std::vector<std::string> passes;
  std::array<std::vector<std::string>, Token::kinds> tokens;
  std::vector<Tokens> statements;
  /// Names of ops by what follows them, up to the end of the line.
  std::map<std::string, std::vector<std::string>> opsOfForm;

private:
  std::map<std::string, bool> seen;
  bool isNew(const std::string &text) { return seen.emplace(text, true).second; }
};

/// Changes one input, which keeps its first line unless another list of passes is wanted.
class Mutator {
public:
  Mutator(const Pool &pool, unsigned seed) : pool(pool), random(seed) {}

  std::string mutate(const std::string &input);
  /// Statements of the one among those of the other.
  std::string cross(const std::string &input, const std::string &other);

private:
  size_t below(size_t bound) { return bound ? random() % bound : 0; }
  bool oneIn(size_t n) { return below(n) == 0; }
  template <typename T> const T &anyOf(const std::vector<T> &list) { return list[below(list.size())]; }

  std::vector<size_t> ofKind(Token::Kind kind) const;
  size_t anyToken();
  std::string otherToken(const Token &token);

  void changePasses();
  void replaceToken();
  void replaceEverywhere();
  void changeNumber();
  void replaceOp();
  void replaceUse();
  void swapTokens();
  void deleteStatement();
  void duplicateStatement();
  void swapStatements();
  void insertStatement();
  void insertFromPool();
  void deleteBrackets();
  void emptyBrackets();
  void moveBrackets();

  void insert(size_t position, Tokens statement);

  const Pool &pool;
  std::minstd_rand random;
  std::string passes;
  Tokens tokens;
};

} // namespace costate::fuzz

#endif // COSTATE_FUZZ_MUTATOR_H

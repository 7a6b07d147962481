//===- Tokens.h - The words of MLIR's text --------------------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Any text splits into tokens, which give the text again one after the other.
// A type or attribute with its `<...>` is one token.
//
//===----------------------------------------------------------------------===//
#ifndef COSTATE_FUZZ_TOKENS_H
#define COSTATE_FUZZ_TOKENS_H

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace costate::fuzz {

struct Token {
  enum class Kind {
    Space,
    NewLine,
    Word,
    Value,
    Symbol,
    Block,
    Attribute,
    Type,
    Number,
    String,
    Punctuation
  };
  static constexpr size_t kinds = static_cast<size_t>(Kind::Punctuation) + 1;

  Kind kind;
  std::string text;

  bool is(std::string_view punctuation) const { return kind == Kind::Punctuation && text == punctuation; }
  bool opens() const { return is("{") || is("(") || is("["); }
  bool closes() const { return is("}") || is(")") || is("]"); }
};

using Tokens = std::vector<Token>;

Tokens tokenize(std::string_view text);
std::string textOf(const Tokens &tokens);

/// A half-open range of tokens.
struct Span {
  size_t begin, end;
  size_t size() const { return end - begin; }
};

/// What begins on a line of its own and ends with the line on which its last bracket closes.
std::vector<Span> statementsOf(const Tokens &tokens);

/// The brackets of the given kind, with all between them.
std::vector<Span> bracketsOf(const Tokens &tokens, std::string_view open);

} // namespace costate::fuzz

#endif // COSTATE_FUZZ_TOKENS_H

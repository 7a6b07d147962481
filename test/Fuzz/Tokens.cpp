//===- Tokens.cpp - The words of MLIR's text -------------------------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
#include "Tokens.h"

#include <algorithm>
#include <cctype>

using namespace costate::fuzz;

namespace {

bool isLetter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_' || c == '$'; }
bool isDigit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }
bool isNameCharacter(char c) { return isLetter(c) || isDigit(c) || c == '.' || c == '-'; }

class Scanner {
public:
  explicit Scanner(std::string_view text) : text(text) {}

  Tokens run() {
    Tokens tokens;
    while (position < text.size()) {
      size_t begin = position;
      Token::Kind kind = next();
      tokens.push_back({kind, std::string(text.substr(begin, position - begin))});
    }
    return tokens;
  }

private:
  char at(size_t ahead = 0) const { return position + ahead < text.size() ? text[position + ahead] : '\0'; }

  template <typename Test> void skipWhile(Test test) {
    while (position < text.size() && test(text[position]))
      ++position;
  }

  void skipString() {
    for (++position; position < text.size() && text[position] != '"' && text[position] != '\n'; ++position)
      if (text[position] == '\\')
        ++position;
    position = std::min(position + 1, text.size());
  }

  /// What is between `<` and `>`, if it ends within the text; arrows and comparisons are no brackets.
  void skipAngles() {
    if (at() != '<')
      return;
    size_t start = position;
    for (int depth = 0; position < text.size();) {
      if (at() == '"') {
        skipString();
        continue;
      }
      bool comparison = (at() == '>' || at() == '<') && at(1) == '=';
      bool arrow = at() == '-' && at(1) == '>';
      if (comparison || arrow) {
        position += 2;
        continue;
      }
      depth += at() == '<' ? 1 : at() == '>' ? -1 : 0;
      ++position;
      if (depth == 0)
        return;
    }
    position = start;
  }

  Token::Kind word() {
    size_t begin = position;
    // A dash is part of a name only within dialects' names of passes and entries, never before `>`.
    while (position < text.size() && isNameCharacter(at()) && !(at() == '-' && !isLetter(at(1))))
      ++position;
    std::string_view name = text.substr(begin, position - begin);
    for (std::string_view shaped : {"tensor", "memref", "vector", "complex", "tuple"})
      if (name == shaped && at() == '<') {
        skipAngles();
        return Token::Kind::Type;
      }
    for (std::string_view attribute :
         {"dense", "sparse", "array", "affine_map", "affine_set", "dense_resource", "strided", "opaque"})
      if (name == attribute && at() == '<') {
        skipAngles();
        return Token::Kind::Attribute;
      }
    bool numbered = name.size() > 1 && std::all_of(name.begin() + 1, name.end(), isDigit);
    if (name == "index" || name == "none" || name == "bf16" ||
        (numbered && (name[0] == 'f' || name[0] == 'i')))
      return Token::Kind::Type;
    return Token::Kind::Word;
  }

  Token::Kind number() {
    if (at() == '0' && at(1) == 'x') {
      position += 2;
      skipWhile([](char c) { return std::isxdigit(static_cast<unsigned char>(c)); });
      return Token::Kind::Number;
    }
    skipWhile(isDigit);
    if (at() == '.' && isDigit(at(1))) {
      ++position;
      skipWhile(isDigit);
      if ((at() == 'e' || at() == 'E') &&
          (isDigit(at(1)) || ((at(1) == '-' || at(1) == '+') && isDigit(at(2))))) {
        position += 2;
        skipWhile(isDigit);
      }
    }
    return Token::Kind::Number;
  }

  Token::Kind next() {
    using Kind = Token::Kind;
    char c = at();
    if (c == '\n') {
      ++position;
      return Kind::NewLine;
    }
    if (std::isspace(static_cast<unsigned char>(c))) {
      skipWhile([](char c) { return c != '\n' && std::isspace(static_cast<unsigned char>(c)); });
      return Kind::Space;
    }
    if (c == '/' && at(1) == '/') {
      skipWhile([](char c) { return c != '\n'; });
      return Kind::Space;
    }
    if (c == '"') {
      skipString();
      return Kind::String;
    }
    if (isLetter(c))
      return word();
    if (isDigit(c) || (c == '-' && isDigit(at(1)))) {
      position += c == '-';
      return number();
    }
    if (c == '-' && at(1) == '>') {
      position += 2;
      return Kind::Punctuation;
    }
    ++position;
    if (c == '%' || c == '^') {
      skipWhile(isNameCharacter);
      if (c == '%' && at() == '#') {
        ++position;
        skipWhile(isDigit);
      }
      return c == '%' ? Kind::Value : Kind::Block;
    }
    if (c == '@') {
      if (at() == '"')
        skipString();
      else
        skipWhile(isNameCharacter);
      return Kind::Symbol;
    }
    if (c == '#' || c == '!') {
      skipWhile(isNameCharacter);
      skipAngles();
      return c == '#' ? Kind::Attribute : Kind::Type;
    }
    return Kind::Punctuation;
  }

  std::string_view text;
  size_t position = 0;
};

} // namespace

Tokens costate::fuzz::tokenize(std::string_view text) { return Scanner(text).run(); }

std::string costate::fuzz::textOf(const Tokens &tokens) {
  std::string text;
  for (const Token &token : tokens)
    text += token.text;
  return text;
}

std::vector<Span> costate::fuzz::statementsOf(const Tokens &tokens) {
  std::vector<Span> statements;
  for (size_t line = 0; line < tokens.size();) {
    size_t begin = line;
    while (line < tokens.size() && tokens[line++].kind != Token::Kind::NewLine)
      ;
    size_t first = begin;
    while (first < line && tokens[first].kind == Token::Kind::Space)
      ++first;
    if (first == line || tokens[first].kind == Token::Kind::NewLine || tokens[first].closes())
      continue;
    int depth = 0;
    for (size_t end = begin; end < tokens.size(); ++end) {
      depth += tokens[end].opens() ? 1 : tokens[end].closes() ? -1 : 0;
      if (depth < 0)
        break;
      if (depth == 0 && tokens[end].kind == Token::Kind::NewLine) {
        statements.push_back({begin, end + 1});
        break;
      }
    }
  }
  return statements;
}

std::vector<Span> costate::fuzz::bracketsOf(const Tokens &tokens, std::string_view open) {
  std::vector<Span> found;
  std::vector<size_t> opened;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].opens()) {
      opened.push_back(i);
    } else if (tokens[i].closes() && !opened.empty()) {
      if (tokens[opened.back()].is(open))
        found.push_back({opened.back(), i + 1});
      opened.pop_back();
    }
  }
  return found;
}

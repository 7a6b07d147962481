//===- Mutator.cpp - Changes MLIR's text by its words and statements -------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
#include "Mutator.h"

#include <algorithm>
#include <cctype>
#include <utility>

using namespace costate::fuzz;
using Kind = Token::Kind;

namespace {

/// The first line apart from the rest.
std::pair<std::string, std::string> splitPasses(const std::string &input) {
  if (!input.starts_with("// "))
    return {"", input};
  size_t end = std::min(input.find('\n'), input.size());
  return {input.substr(0, end), input.substr(std::min(end + 1, input.size()))};
}

bool isOp(const Token &token) {
  return token.kind == Kind::Word && token.text.find('.') != std::string::npos;
}

/// What follows an op up to the end of its line, by kinds: ops of one form can stand for one another.
std::string formAfter(const Tokens &tokens, size_t op) {
  std::string form;
  for (size_t i = op + 1; i < tokens.size() && tokens[i].kind != Kind::NewLine; ++i)
    if (tokens[i].kind == Kind::Punctuation || tokens[i].kind == Kind::Word)
      form += tokens[i].text + ' ';
    else if (tokens[i].kind != Kind::Space)
      form += std::string(1, static_cast<char>('A' + static_cast<int>(tokens[i].kind))) + ' ';
  return form;
}

/// "tensor" of tensor<4xf32>, "#costate" of an attribute.
std::string headOf(const std::string &text) {
  size_t end = 1;
  while (end < text.size() && std::isalpha(static_cast<unsigned char>(text[end])))
    ++end;
  return text.substr(0, end);
}

/// The type that the text gives each value, as far as a glance tells: what stands after it and a colon, or
/// last on the line that defines it. Later definitions win, as with names that come again.
std::map<std::string, std::string> typesOfValues(const Tokens &tokens) {
  std::map<std::string, std::string> types;
  std::vector<std::string> defined;
  std::string last;
  bool leftSide = true;
  auto endLine = [&] {
    for (const std::string &value : defined)
      if (!last.empty())
        types[value] = last;
    defined.clear();
    last.clear();
    leftSide = true;
  };
  std::vector<std::string> names;
  for (size_t i = 0; i < tokens.size(); ++i) {
    const Token &token = tokens[i];
    if (token.kind == Kind::NewLine) {
      endLine();
      names.clear();
    } else if (token.kind == Kind::Value) {
      if (leftSide)
        names.push_back(token.text);
      size_t next = i + 1;
      while (next < tokens.size() && tokens[next].kind == Kind::Space)
        ++next;
      if (next < tokens.size() && tokens[next].is(":")) {
        for (++next; next < tokens.size() && tokens[next].kind == Kind::Space; ++next)
          ;
        if (next < tokens.size() && tokens[next].kind == Kind::Type)
          types[token.text] = tokens[next].text;
      }
    } else if (token.is("=") && leftSide) {
      defined = std::exchange(names, {});
      leftSide = false;
    } else if (token.kind == Kind::Word) {
      leftSide = false;
    } else if (token.kind == Kind::Type) {
      last = token.text;
    }
  }
  endLine();
  return types;
}

} // namespace

void Pool::add(const std::string &input) {
  auto [line, text] = splitPasses(input);
  if (!line.empty() && isNew(line))
    passes.push_back(line);
  Tokens parsed = tokenize(text);
  for (size_t i = 0; i < parsed.size(); ++i) {
    const Token &token = parsed[i];
    if (token.kind == Kind::Space || token.kind == Kind::NewLine)
      continue;
    if (isNew(token.text))
      tokens[static_cast<size_t>(token.kind)].push_back(token.text);
    if (isOp(token)) {
      std::string form = formAfter(parsed, i);
      if (isNew(form + '\n' + token.text))
        opsOfForm[form].push_back(token.text);
    }
  }
  for (Span statement : statementsOf(parsed)) {
    Tokens part(parsed.begin() + statement.begin, parsed.begin() + statement.end);
    if (std::string written = textOf(part); written.size() < 2000 && isNew(written))
      statements.push_back(std::move(part));
  }
}

std::vector<size_t> Mutator::ofKind(Kind kind) const {
  std::vector<size_t> found;
  for (size_t i = 0; i < tokens.size(); ++i)
    if (tokens[i].kind == kind)
      found.push_back(i);
  return found;
}

/// A token that means something.
size_t Mutator::anyToken() {
  for (int tries = 0; tries < 20; ++tries) {
    size_t i = below(tokens.size());
    if (tokens[i].kind != Kind::Space && tokens[i].kind != Kind::NewLine)
      return i;
  }
  return 0;
}

/// A token of the same kind: one of this input, or of the corpus and rather of the same head.
std::string Mutator::otherToken(const Token &token) {
  if (oneIn(2)) {
    std::vector<size_t> here = ofKind(token.kind);
    return here.empty() ? token.text : tokens[anyOf(here)].text;
  }
  const std::vector<std::string> &others = pool.tokens[static_cast<size_t>(token.kind)];
  if (others.empty())
    return token.text;
  for (int tries = 0; tries < 8; ++tries)
    if (const std::string &other = anyOf(others); headOf(other) == headOf(token.text))
      return other;
  return anyOf(others);
}

void Mutator::changePasses() {
  if (!pool.passes.empty())
    passes = anyOf(pool.passes);
}

void Mutator::replaceToken() {
  Token &token = tokens[anyToken()];
  token.text = otherToken(token);
}

void Mutator::replaceEverywhere() {
  Token token = tokens[anyToken()];
  std::string other = otherToken(token);
  for (Token &each : tokens)
    if (each.kind == token.kind && each.text == token.text)
      each.text = other;
}

/// A number, also within a type or attribute; all that are equal or one of them.
void Mutator::changeNumber() {
  static const std::vector<std::string> numbers = {
      "0",    "1", "2",  "3",   "4",   "5",     "7",  "8",    "16",      "17",         "64",
      "1000", "?", "-1", "0.5", "1.0", "1e300", "-0", "4096", "1000000", "4294967296", "9223372036854775807"};
  std::vector<std::pair<size_t, Span>> found;
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != Kind::Type && tokens[i].kind != Kind::Attribute && tokens[i].kind != Kind::Number)
      continue;
    const std::string &text = tokens[i].text;
    for (size_t at = 0; at < text.size(); ++at) {
      if (!std::isdigit(static_cast<unsigned char>(text[at])) && text[at] != '?')
        continue;
      size_t end = at + 1;
      while (end < text.size() && std::isdigit(static_cast<unsigned char>(text[end])))
        ++end;
      if (at == 0 || !std::isalpha(static_cast<unsigned char>(text[at - 1])) || text[at - 1] == 'x')
        found.push_back({i, {at, end}});
      at = end - 1;
    }
  }
  if (found.empty())
    return;
  auto [token, span] = anyOf(found);
  std::string old = tokens[token].text.substr(span.begin, span.size());
  const std::string &other = anyOf(numbers);
  bool everywhere = !oneIn(4);
  // From the back, so that places before stay where they are.
  for (auto it = found.rbegin(); it != found.rend(); ++it) {
    std::string &text = tokens[it->first].text;
    bool chosen = it->first == token && it->second.begin == span.begin;
    if (chosen || (everywhere && text.substr(it->second.begin, it->second.size()) == old))
      text.replace(it->second.begin, it->second.size(), other);
  }
}

void Mutator::replaceOp() {
  std::vector<size_t> ops;
  for (size_t i = 0; i < tokens.size(); ++i)
    if (isOp(tokens[i]))
      ops.push_back(i);
  if (ops.empty())
    return;
  size_t op = anyOf(ops);
  if (auto found = pool.opsOfForm.find(formAfter(tokens, op)); found != pool.opsOfForm.end())
    tokens[op].text = anyOf(found->second);
}

/// Another value in a place, rather of the same type.
void Mutator::replaceUse() {
  std::vector<size_t> values = ofKind(Kind::Value);
  if (values.empty())
    return;
  Token &use = tokens[anyOf(values)];
  std::map<std::string, std::string> types = typesOfValues(tokens);
  std::vector<std::string> alike;
  for (const auto &[value, type] : types)
    if (type == types[use.text])
      alike.push_back(value);
  use.text = alike.empty() || oneIn(8) ? tokens[anyOf(values)].text : anyOf(alike);
}

void Mutator::swapTokens() {
  size_t one = anyToken();
  size_t other = anyOf(ofKind(tokens[one].kind));
  std::swap(tokens[one].text, tokens[other].text);
}

void Mutator::deleteStatement() {
  if (std::vector<Span> statements = statementsOf(tokens); !statements.empty()) {
    Span span = anyOf(statements);
    tokens.erase(tokens.begin() + span.begin, tokens.begin() + span.end);
  }
}

/// Puts a statement somewhere. What it defines gets names of its own; what it uses and nobody defines here
/// becomes values that there are, of the types that it names.
void Mutator::insert(size_t position, Tokens statement) {
  std::map<std::string, std::string> here = typesOfValues(Tokens(tokens.begin(), tokens.begin() + position));
  std::map<std::string, std::string> own = typesOfValues(statement);
  std::vector<std::string> typesNamed;
  for (const Token &token : statement)
    if (token.kind == Kind::Type)
      typesNamed.push_back(token.text);
  std::vector<std::string> fitting, all;
  for (const auto &[value, type] : here) {
    all.push_back(value);
    if (std::find(typesNamed.begin(), typesNamed.end(), type) != typesNamed.end())
      fitting.push_back(value);
  }
  std::string suffix = "_" + std::to_string(below(1000));
  for (Token &token : statement) {
    if (token.kind != Kind::Value)
      continue;
    if (own.count(token.text))
      token.text += token.text.find('#') == std::string::npos ? suffix : "";
    else if (!here.count(token.text) && !all.empty())
      token.text = fitting.empty() || oneIn(8) ? anyOf(all) : anyOf(fitting);
  }
  tokens.insert(tokens.begin() + position, statement.begin(), statement.end());
}

void Mutator::duplicateStatement() {
  if (std::vector<Span> statements = statementsOf(tokens); !statements.empty()) {
    Span span = anyOf(statements);
    insert(span.end, Tokens(tokens.begin() + span.begin, tokens.begin() + span.end));
  }
}

void Mutator::swapStatements() {
  std::vector<Span> statements = statementsOf(tokens);
  if (statements.size() < 2)
    return;
  size_t first = below(statements.size() - 1);
  Span one = statements[first], other = statements[first + 1 + below(statements.size() - first - 1)];
  if (one.end > other.begin)
    return;
  Tokens moved(tokens.begin() + other.begin, tokens.begin() + other.end);
  tokens.erase(tokens.begin() + other.begin, tokens.begin() + other.end);
  tokens.insert(tokens.begin() + one.begin, moved.begin(), moved.end());
}

/// A statement of this input again, elsewhere.
void Mutator::insertStatement() {
  if (std::vector<Span> statements = statementsOf(tokens); !statements.empty()) {
    Span span = anyOf(statements);
    insert(anyOf(statements).begin, Tokens(tokens.begin() + span.begin, tokens.begin() + span.end));
  }
}

void Mutator::insertFromPool() {
  std::vector<Span> statements = statementsOf(tokens);
  if (!pool.statements.empty())
    insert(statements.empty() ? tokens.size() : anyOf(statements).begin, anyOf(pool.statements));
}

void Mutator::deleteBrackets() {
  if (std::vector<Span> found = bracketsOf(tokens, oneIn(2) ? "{" : oneIn(2) ? "(" : "["); !found.empty()) {
    Span span = anyOf(found);
    tokens.erase(tokens.begin() + span.begin, tokens.begin() + span.end);
  }
}

void Mutator::emptyBrackets() {
  if (std::vector<Span> found = bracketsOf(tokens, oneIn(2) ? "{" : "["); !found.empty()) {
    Span span = anyOf(found);
    tokens.erase(tokens.begin() + span.begin + 1, tokens.begin() + span.end - 1);
  }
}

/// What is between two brackets in place of what is between two others.
void Mutator::moveBrackets() {
  std::vector<Span> found = bracketsOf(tokens, oneIn(2) ? "{" : oneIn(2) ? "(" : "[");
  if (found.size() < 2)
    return;
  Span from = anyOf(found), to = anyOf(found);
  Tokens moved(tokens.begin() + from.begin, tokens.begin() + from.end);
  tokens.erase(tokens.begin() + to.begin, tokens.begin() + to.end);
  tokens.insert(tokens.begin() + to.begin, moved.begin(), moved.end());
}

std::string Mutator::mutate(const std::string &input) {
  std::string text;
  std::tie(passes, text) = splitPasses(input);
  tokens = tokenize(text);
  static constexpr void (Mutator::*changes[])() = {
      &Mutator::changePasses,      &Mutator::replaceToken,      &Mutator::replaceToken,
      &Mutator::replaceEverywhere, &Mutator::replaceEverywhere, &Mutator::changeNumber,
      &Mutator::changeNumber,      &Mutator::changeNumber,      &Mutator::replaceOp,
      &Mutator::replaceOp,         &Mutator::replaceOp,         &Mutator::replaceUse,
      &Mutator::replaceUse,        &Mutator::replaceUse,        &Mutator::swapTokens,
      &Mutator::deleteStatement,   &Mutator::deleteStatement,   &Mutator::duplicateStatement,
      &Mutator::swapStatements,    &Mutator::insertStatement,   &Mutator::insertFromPool,
      &Mutator::insertFromPool,    &Mutator::deleteBrackets,    &Mutator::emptyBrackets,
      &Mutator::moveBrackets};
  for (size_t count = 1 + (oneIn(2) ? below(4) : 0); count > 0 && !tokens.empty(); --count)
    (this->*changes[below(std::size(changes))])();
  return passes + (passes.empty() ? "" : "\n") + textOf(tokens);
}

std::string Mutator::cross(const std::string &input, const std::string &other) {
  std::string text;
  std::tie(passes, text) = splitPasses(input);
  tokens = tokenize(text);
  auto [otherPasses, otherText] = splitPasses(other);
  Tokens others = tokenize(otherText);
  std::vector<Span> statements = statementsOf(tokens), from = statementsOf(others);
  for (size_t count = 1 + below(2); count > 0 && !from.empty(); --count) {
    Span span = anyOf(from);
    insert(statements.empty() ? tokens.size() : anyOf(statements).begin,
           Tokens(others.begin() + span.begin, others.begin() + span.end));
    statements = statementsOf(tokens);
  }
  if (oneIn(4))
    passes = otherPasses;
  return passes + (passes.empty() ? "" : "\n") + textOf(tokens);
}

//===- mutants.h - Which mutant of the program runs ------------------------------------------*- C++ -*-===//
//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//
//===---------------------------------------------------------------------------------------------------===//
//
// What mutate.py puts into the sources: all mutants are compiled into one program, MUTANT names the
// one that runs, and MUTANTS_REACHED a file that gets the numbers of those whose place was reached.
//
//===---------------------------------------------------------------------------------------------------===//

#pragma once

#include <atomic>
#include <cstdlib>
#include <fcntl.h>
#include <unistd.h>
#include <utility>

namespace mutants {

inline const unsigned active = std::getenv("MUTANT") ? std::atoi(std::getenv("MUTANT")) : 0;
inline const int log = std::getenv("MUTANTS_REACHED")
                           ? open(std::getenv("MUTANTS_REACHED"), O_WRONLY | O_APPEND | O_CREAT, 0666)
                           : -1;
inline std::atomic<bool> reached[1 << 15];

inline bool on(unsigned number) {
  if (log >= 0 && !reached[number].exchange(true, std::memory_order_relaxed))
    (void)!write(log, &number, sizeof(number));
  return number == active;
}

/// `a OP marker OP b`: OP keeps its precedence, and the marker stands between the operands.
template <class Operand> struct Left {
  Operand operand;
  unsigned number;
};

#define MUTANTS_OPERATOR(NAME, OLD, NEW)                                                                     \
  struct NAME {                                                                                              \
    unsigned number;                                                                                         \
  };                                                                                                         \
  template <class Operand> Left<std::pair<NAME, Operand &&>> operator OLD(Operand &&operand, NAME marker) {  \
    return {{marker, std::forward<Operand>(operand)}, marker.number};                                        \
  }                                                                                                          \
  template <class A, class B>                                                                                \
  decltype(std::declval<A>() OLD std::declval<B>()) operator OLD(Left<std::pair<NAME, A>> left, B &&right) { \
    using Result = decltype(std::declval<A>() OLD std::declval<B>());                                        \
    if (on(left.number))                                                                                     \
      return static_cast<Result>(std::forward<A>(left.operand.second) NEW std::forward<B>(right));           \
    return std::forward<A>(left.operand.second) OLD std::forward<B>(right);                                  \
  }

MUTANTS_OPERATOR(Equal, ==, !=)
MUTANTS_OPERATOR(NotEqual, !=, ==)
MUTANTS_OPERATOR(Less, <, <=)
MUTANTS_OPERATOR(LessEqual, <=, <)
MUTANTS_OPERATOR(Greater, >, >=)
MUTANTS_OPERATOR(GreaterEqual, >=, >)
MUTANTS_OPERATOR(Plus, +, -)
MUTANTS_OPERATOR(Minus, -, +)
MUTANTS_OPERATOR(Times, *, +)

} // namespace mutants

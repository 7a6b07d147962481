//===- Sentence.h - A sentence made of words and figures --------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#ifndef COSTATE_LIB_METHODS_SENTENCE_H
#define COSTATE_LIB_METHODS_SENTENCE_H

#include <sstream>
#include <string>

namespace costate::methods {

template <typename... Parts> std::string sentence(const Parts &...parts) {
  std::ostringstream text;
  text.precision(4);
  (text << ... << parts);
  return text.str();
}

} // namespace costate::methods

#endif // COSTATE_LIB_METHODS_SENTENCE_H

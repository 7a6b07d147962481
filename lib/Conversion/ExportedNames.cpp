//===- ExportedNames.cpp - What a function of a library may be named ----------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Exported.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Analysis/TargetLibraryInfo.h"

using namespace costate;
using llvm::StringRef;

bool costate::isOfTheCLibrary(StringRef name) {
  static const llvm::TargetLibraryInfoImpl library{llvm::Triple("x86_64-unknown-linux-gnu")};
  // What optimizers have no use for is not among them.
  static const llvm::StringSet<> more = [] {
    llvm::StringSet<> names;
    for (StringRef base : {"erfc", "lgamma", "lrint", "llrint", "lround", "llround", "nextafter",
                           "nexttoward", "scalbln", "scalbn", "fdim", "nan"})
      for (StringRef suffix : {"", "f", "l"})
        names.insert((base + suffix).str());
    return names;
  }();
  llvm::LibFunc function;
  return library.getLibFunc(name, function) || more.contains(name);
}

bool costate::isFreeInC(StringRef name) {
  auto isLetter = [](char c) { return llvm::isAlnum(c) || c == '_'; };
  return !name.empty() && llvm::isAlpha(name.front()) && llvm::all_of(name, isLetter) &&
         !name.starts_with("costate_") && name != "main" && !isOfTheCLibrary(name);
}

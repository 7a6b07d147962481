//===- descriptor.cpp - The runtime's command line on any descriptor --------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// rt-descriptor FILE.json VERB ...: a program whose descriptor is a file, with
// entries that do nothing. It brings its own main, as a library user would.
//
//===----------------------------------------------------------------------===//

#include "costate/Runtime/ABI.h"

#include <fstream>
#include <sstream>
#include <string>

static void nothing(void **, void *) {}

int main(int argc, char **argv) {
  std::ifstream file(argv[1]);
  std::stringstream text;
  text << file.rdbuf();
  std::string descriptor = text.str();
  const costate_entry entries[] = {{"step", nothing},           {"objective", nothing},
                                   {"gradient", nothing},       {"predict.net", nothing},
                                   {"predict.a/../b", nothing}, {nullptr, nullptr}};
  argv[1] = argv[0];
  return costate_rt_main(argc - 1, argv + 1, descriptor.c_str(), entries);
}

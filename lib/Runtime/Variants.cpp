//===- Variants.cpp - The variant of a program that this machine can run ----===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Variants.h"

#include "costate/Runtime/ABI.h"

#include <cstdio>
#include <cstdlib>
#include <string_view>

/// Whether this machine has a level of x86-64.
static bool isSupported([[maybe_unused]] std::string_view processor) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (processor == "x86-64-v4")
    return __builtin_cpu_supports("x86-64-v4");
  if (processor == "x86-64-v3")
    return __builtin_cpu_supports("x86-64-v3");
  if (processor == "x86-64-v2")
    return __builtin_cpu_supports("x86-64-v2");
  return processor == "x86-64";
#else
  return false;
#endif
}

int costate_rt_main_variants(int argc, char **argv, const costate_variant *variants) {
  const char *wanted = std::getenv(costate::rt::processorVariable);
  if (wanted && !*wanted)
    wanted = nullptr;
  for (const costate_variant *variant = variants; variant->processor; ++variant)
    if (wanted ? std::string_view(wanted) == variant->processor && isSupported(wanted)
               : isSupported(variant->processor))
      return costate_rt_main(argc, argv, variant->program, variant->entries);
  std::fprintf(stderr, "%s: error: this program is compiled for", argv[0]);
  for (const costate_variant *variant = variants; variant->processor; ++variant)
    std::fprintf(stderr, "%s %s", variant == variants ? "" : ",", variant->processor);
  if (wanted)
    std::fprintf(stderr, "; %s=%s is not one of them, or not what this machine is\n",
                 costate::rt::processorVariable, wanted);
  else
    std::fprintf(stderr, "; this machine is none of these\n");
  return 1;
}

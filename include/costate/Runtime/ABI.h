//===- ABI.h - The only link between compiled programs and the runtime ----===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// Plain C. The compiler emits calls to what is declared here, and defines
// `costate_program` and `costate_entries`; the runtime knows nothing else.
//
//===----------------------------------------------------------------------===//

#ifndef COSTATE_RUNTIME_ABI_H
#define COSTATE_RUNTIME_ABI_H

#include "costate/Runtime/GPU.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A packed entry: one pointer per argument in order (to the data of a buffer, or to the value of a scalar or
/// an `int64_t` count), then one pointer to an `int64_t` capacity for each dynamic (column or out) argument
/// in order. `workspace` is aligned to 64 bytes and holds host_workspace_bytes for the caller, then a slice
/// of workspace_bytes_per_worker for each worker in order.
typedef void (*costate_entry_function)(void **args, void *workspace);

struct costate_entry {
  const char *name;
  costate_entry_function function;
};

/// Defined by the generated object: the descriptor (JSON, see docs/Runtime.md) and the table of entries,
/// ended by a null name.
extern const char costate_program[];
extern const struct costate_entry costate_entries[];

/// A chunk of a parallel loop. `worker` is less than the number of threads.
typedef void (*costate_chunk_body)(void *context, int64_t chunk, int64_t worker);

/// Runs body(context, c, worker) for every c in [0, chunks) and returns when all are done. The caller is
/// worker 0. Called from inside a chunk it runs the inner chunks in order on the same worker.
void costate_rt_parallel_for(costate_chunk_body body, void *context, int64_t chunks);

/// Sets how many workers `costate_rt_parallel_for` may use (at least 1), and says how many it uses. Not to be
/// called while a parallel loop runs.
void costate_rt_set_threads(int64_t threads);
int64_t costate_rt_threads(void);

/// How many of the first words of a command line name the program (1 unless this is called): those of a tool
/// that runs a problem. Called before costate_rt_main, which is given all words.
void costate_rt_set_command_words(int words);

/// The command line of a generated program (train, eval, predict, ...). Returns the exit code.
int costate_rt_main(int argc, char **argv, const char *program, const struct costate_entry *entries);

/// A program as it was compiled for one kind of processor, which has a name that x86-64 levels have
/// ("x86-64-v3").
struct costate_variant {
  const char *processor;
  const char *program;
  const struct costate_entry *entries;
};

/// The same of the first variant that this machine can run, or of the one that the environment variable
/// COSTATE_PROCESSOR names. The table is ended by a null name.
int costate_rt_main_variants(int argc, char **argv, const struct costate_variant *variants);

#ifdef __cplusplus
}
#endif

#endif // COSTATE_RUNTIME_ABI_H

//===- Peers.h - The benchmarks beside JAX and PyTorch ------------------------------------------*- C++ -*-===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//

#ifndef COSTATE_BENCH_PEERS_H
#define COSTATE_BENCH_PEERS_H

namespace costate::bench {

/// `costate-bench --peers[=ENVIRONMENT] ...`: makes the virtual environment with the peers where there is
/// none, and becomes the script that measures (peers/main.py). Returns an exit code where it cannot.
int runPeers(int argc, char **argv);

} // namespace costate::bench

#endif // COSTATE_BENCH_PEERS_H

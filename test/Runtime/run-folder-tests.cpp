//===- run-folder-tests.cpp - What is made and taken away -------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Error.h"
#include "File.h"
#include "Output.h"
#include "RunFolder.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

using namespace costate::rt;
namespace fs = std::filesystem;

namespace {

/// A new folder as the current one.
class RunFolders : public testing::Test {
protected:
  void SetUp() override {
    char name[] = "/tmp/costate-folders-XXXXXX";
    ASSERT_TRUE(::mkdtemp(name));
    root = name;
    before = fs::current_path();
    fs::current_path(root);
  }
  void TearDown() override {
    fs::current_path(before);
    fs::remove_all(root);
  }
  fs::path root, before;
};

/// No file can be opened as long as it lives.
class NoDescriptors {
public:
  NoDescriptors() {
    ::getrlimit(RLIMIT_NOFILE, &before);
    rlimit none{0, before.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &none);
  }
  ~NoDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before); }

private:
  rlimit before{};
};

void touch(const fs::path &path) { std::ofstream(path) << "mine"; }

} // namespace

TEST_F(RunFolders, StayAwayWhereTheyCannotBeLocked) {
  for (const char *wanted : {"", "run", "a/b/run/"}) {
    {
      NoDescriptors none;
      EXPECT_THROW(RunFolder::create("p", wanted, ""), Error) << wanted;
    }
    EXPECT_TRUE(fs::is_empty(root)) << wanted;
  }
  fs::create_directory("run");
  {
    NoDescriptors none;
    EXPECT_THROW(RunFolder::create("p", "run", ""), Error);
  }
  EXPECT_TRUE(fs::is_empty("run"));
}

TEST_F(RunFolders, DiscardLeavesWhatSomebodyElsePutThere) {
  RunFolder folder = RunFolder::create("p", "a/run", "");
  touch("a/run/notes.txt");
  touch("a/run/checkpoints/best.safetensors");
  writeFileAtomically("a/run/config.toml", "");
  folder.discard();
  EXPECT_TRUE(fs::exists("a/run/notes.txt"));
  EXPECT_TRUE(fs::exists("a/run/checkpoints/best.safetensors"));
  EXPECT_FALSE(fs::exists("a/run/config.toml"));
  EXPECT_FALSE(fs::exists("a/run/lock"));
}

TEST_F(RunFolders, TheRunOfAnotherIsLeftAlone) {
  RunFolder other = RunFolder::create("p", "run", "");
  EXPECT_THROW(RunFolder::create("p", "run", ""), Error);
  EXPECT_TRUE(fs::exists("run/lock"));
  EXPECT_TRUE(fs::exists("run/checkpoints"));
}

TEST(Files, TemporariesAreKnownByTheirNames) {
  EXPECT_TRUE(isTemporary("manifest.json.77.costate.tmp"));
  for (const char *name : {"data.42.tmp", "notes.costate.tmp", "7.costate.tmp", ".7.costate.tmp",
                           "a..costate.tmp", "a.7x.costate.tmp", "a.7.costate.tmp.gz"})
    EXPECT_FALSE(isTemporary(name)) << name;
}

/// What was printed is flushed, and something else fails before the end.
static void printAndFinish() {
  std::printf("results\n");
  flushOutput();
  errno = ENOENT;
  // Not exit: what the threads of the parent hold looks like a leak in a child that was forked without them.
  ::_exit(finishOutput(0));
}

TEST(Output, SaysWhyItWasLost) {
  EXPECT_EXIT(
      {
        (void)!std::freopen("/dev/full", "w", stdout);
        printAndFinish();
      },
      testing::ExitedWithCode(1), "error: cannot write to standard output: No space left on device");
}

TEST(Output, ReadersMayGo) {
  EXPECT_EXIT(
      {
        int ends[2];
        std::signal(SIGPIPE, SIG_IGN);
        (void)!::pipe(ends);
        ::dup2(ends[1], STDOUT_FILENO);
        ::close(ends[0]);
        printAndFinish();
      },
      testing::ExitedWithCode(0), "^$");
}

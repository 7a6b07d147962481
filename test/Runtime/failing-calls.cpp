//===- failing-calls.cpp - What the runtime says where the system fails ---------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
// File systems that know no locks and disks that fail cannot be had in a test: the program has system calls
// of its own, which fail when asked to.
#include "Error.h"
#include "File.h"
#include "FolderLock.h"
#include "Metrics.h"

#include <cerrno>
#include <filesystem>
#include <gtest/gtest.h>
#include <set>
#include <sys/file.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace costate::rt;

/// What locks and syncs fail with; 0 for not at all.
static int lockError = 0, syncError = 0;
/// What was synced.
static std::set<std::string> synced;

static int call(long number, int error, int descriptor, int operation) {
  if (error == 0)
    return static_cast<int>(::syscall(number, descriptor, operation));
  errno = error;
  return -1;
}

extern "C" int flock(int descriptor, int operation) noexcept {
  return call(SYS_flock, lockError, descriptor, operation);
}

extern "C" int fsync(int descriptor) {
  std::error_code error;
  synced.insert(std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(descriptor), error).string());
  return call(SYS_fsync, syncError, descriptor, 0);
}

TEST(FolderLock, WhereFilesCannotBeLocked) {
  std::string folder = testing::TempDir() + "costate-unlockable";
  std::filesystem::create_directories(folder);
  lockError = ENOLCK;
  testing::internal::CaptureStderr();
  {
    FolderLock lock(folder);
  }
  std::string said = testing::internal::GetCapturedStderr();
  EXPECT_EQ(said,
            "warning: '" + folder +
                "/lock' cannot be locked (No locks available): see that only one process trains in it\n");
  lockError = EWOULDBLOCK;
  EXPECT_THROW(FolderLock lock(folder), Error);
  lockError = 0;
  testing::internal::CaptureStderr();
  {
    FolderLock lock(folder);
  }
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  std::filesystem::remove_all(folder);
}

TEST(File, WhereTheDiskFails) {
  std::string path = testing::TempDir() + "costate-unsyncable";
  appendToFile(path, "row\n");
  EXPECT_NO_THROW(syncFile(path));
  syncError = EIO;
  try {
    syncFile(path);
    ADD_FAILURE() << "no error";
  } catch (const Error &error) {
    EXPECT_EQ(std::string(error.what()), "cannot sync '" + path + "': Input/output error");
  }
  syncError = 0;
  std::filesystem::remove(path);
}

TEST(MetricsLog, NewFilesReachTheDiskWithTheirFolders) {
  std::string folder = std::filesystem::canonical(testing::TempDir()).string() + "/costate-log";
  std::filesystem::create_directories(folder);
  {
    MetricsLog log(folder, {}, 0);
    synced.clear();
    log.sync();
    for (const char *name : {"", "/metrics.csv", "/metrics.jsonl", "/tensorboard"})
      EXPECT_TRUE(synced.count(folder + name)) << name;
  }
  std::filesystem::remove_all(folder);
}

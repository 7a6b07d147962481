//===- TensorBoard.cpp - Scalars as TensorBoard reads them ------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "TensorBoard.h"

#include <array>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <unistd.h>

using namespace costate::rt;

uint32_t costate::rt::crc32c(std::string_view bytes) {
  static const std::array<uint32_t, 256> table = [] {
    std::array<uint32_t, 256> result{};
    for (uint32_t i = 0; i < 256; ++i) {
      uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit)
        value = (value >> 1) ^ ((value & 1) ? 0x82F63B78u : 0);
      result[i] = value;
    }
    return result;
  }();
  uint32_t crc = ~uint32_t{0};
  for (unsigned char byte : bytes)
    crc = (crc >> 8) ^ table[(crc ^ byte) & 0xff];
  return ~crc;
}

namespace {

template <typename T> void putFixed(std::string &to, T value) {
  to.append(reinterpret_cast<const char *>(&value), sizeof(value));
}

void putVarint(std::string &to, uint64_t value) {
  for (; value >= 0x80; value >>= 7)
    to.push_back(static_cast<char>(value | 0x80));
  to.push_back(static_cast<char>(value));
}

/// Wire types: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes.
void putKey(std::string &to, int field, int wireType) {
  putVarint(to, static_cast<uint64_t>(field) << 3 | wireType);
}

void putBytes(std::string &to, int field, std::string_view bytes) {
  putKey(to, field, 2);
  putVarint(to, bytes.size());
  to += bytes;
}

double wallTime() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// message Event { double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5; }
std::string eventHeader() {
  std::string event;
  putKey(event, 1, 1);
  putFixed(event, wallTime());
  return event;
}

} // namespace

TensorBoardLog::TensorBoardLog(const std::string &folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  char host[256] = {};
  gethostname(host, sizeof(host) - 1);
  char name[400];
  std::snprintf(name, sizeof(name), "/events.out.tfevents.%010lld.%s.%d.costate",
                static_cast<long long>(wallTime()), host, static_cast<int>(getpid()));
  path = folder + name;
  std::string event = eventHeader();
  putBytes(event, 3, "brain.Event:2");
  addRecord(event);
}

void TensorBoardLog::addRecord(const std::string &event) {
  auto masked = [](std::string_view bytes) {
    uint32_t crc = crc32c(bytes);
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
  };
  std::string length;
  putFixed(length, static_cast<uint64_t>(event.size()));
  pending += length;
  putFixed(pending, masked(length));
  pending += event;
  putFixed(pending, masked(event));
}

void TensorBoardLog::add(int64_t step, const std::vector<std::string> &names,
                         const std::vector<double> &values) {
  // message Summary { repeated Value value = 1; }  message Value { string tag = 1; float simple_value = 2; }
  std::string summary;
  for (size_t i = 0; i < names.size(); ++i) {
    std::string value;
    putBytes(value, 1, names[i]);
    putKey(value, 2, 5);
    putFixed(value, static_cast<float>(values[i]));
    putBytes(summary, 1, value);
  }
  std::string event = eventHeader();
  putKey(event, 2, 0);
  putVarint(event, static_cast<uint64_t>(step));
  putBytes(event, 5, summary);
  addRecord(event);
}

void TensorBoardLog::flush() {
  // Scalars are a convenience: a full disk is reported by the metrics, not twice.
  if (std::FILE *file = std::fopen(path.c_str(), "ab")) {
    std::fwrite(pending.data(), 1, pending.size(), file);
    std::fclose(file);
  }
  pending.clear();
}

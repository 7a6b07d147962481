//===- Safetensors.cpp - Named tensors in one file --------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Safetensors.h"

#include "Error.h"
#include "JsonValue.h"

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <nlohmann/json.hpp>
#include <zlib.h>

using namespace costate::rt;
using Json = nlohmann::ordered_json;

static constexpr uint64_t headerLimit = 100'000'000;

// As it stands in the header: quotes inside of names and texts are escaped there, so it is nowhere else.
static constexpr std::string_view checksumField = "\"crc32\":\"", noChecksum = "00000000";

/// Of the file, as if it had no checksum: eight characters from `at` on count as zeros.
static std::string checksumOf(std::string_view content, size_t at) {
  uLong crc = 0;
  for (std::string_view part : {content.substr(0, at), noChecksum, content.substr(at + noChecksum.size())})
    crc = crc32_z(crc, reinterpret_cast<const Bytef *>(part.data()), part.size());
  char text[16];
  std::snprintf(text, sizeof(text), "%08lx", crc);
  return text;
}

static void checkChecksum(std::string_view content, const std::string &found, const std::string &what) {
  size_t at = content.find(cat(checksumField, found, "\""));
  if (at == std::string_view::npos || found.size() != noChecksum.size())
    fail(what, ": damaged: its checksum '", found, "' is none");
  std::string required = checksumOf(content, at + checksumField.size());
  if (found != required)
    fail(what, ": damaged: its checksum is ", found, ", its content has ", required);
}

std::string costate::rt::formatSafetensors(const std::vector<TensorView> &tensors,
                                           const std::map<std::string, std::string> &metadata) {
  Json header = Json::object();
  header["__metadata__"] = metadata;
  header["__metadata__"]["crc32"] = noChecksum;
  uint64_t offset = 0;
  for (const TensorView &tensor : tensors) {
    uint64_t size = elementsOf(tensor.shape) * bytesOf(tensor.precision);
    header[tensor.name] = {{"dtype", tensor.precision == Precision::F32 ? "F32" : "F64"},
                           {"shape", tensor.shape},
                           {"data_offsets", {offset, offset + size}}};
    offset += size;
  }
  std::string text = header.dump();
  // The data begins at a multiple of 64.
  text.append(63 - (text.size() + 7) % 64, ' ');
  uint64_t length = text.size();
  std::string content(reinterpret_cast<const char *>(&length), sizeof(length));
  content.reserve(content.size() + text.size() + offset);
  content += text;
  for (const TensorView &tensor : tensors)
    content.append(static_cast<const char *>(tensor.data),
                   elementsOf(tensor.shape) * bytesOf(tensor.precision));
  size_t at = content.find(cat(checksumField, noChecksum)) + checksumField.size();
  content.replace(at, noChecksum.size(), checksumOf(content, at));
  return content;
}

static uint64_t bytesOfDtype(const std::string &dtype, const std::string &name, const std::string &what) {
  static const std::map<std::string, uint64_t> sizes = {
      {"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"I64", 8}, {"I32", 4}, {"I16", 2},
      {"I8", 1},  {"U64", 8}, {"U32", 4}, {"U16", 2},  {"U8", 1},  {"BOOL", 1}};
  auto found = sizes.find(dtype);
  if (found == sizes.end())
    fail(what, ": tensor '", name, "' has unknown type '", dtype, "'");
  return found->second;
}

StoredTensors costate::rt::parseSafetensors(std::string_view content, const std::string &what) {
  if (content.size() < 8)
    fail(what, ": truncated: found ", content.size(), " bytes, required at least 8");
  uint64_t length;
  std::memcpy(&length, content.data(), 8);
  if (length > headerLimit)
    fail(what, ": not a safetensors file (a header of ", length, " bytes, at most ", headerLimit,
         " are allowed)");
  if (length > content.size() - 8)
    fail(what, ": truncated: found ", content.size() - 8, " bytes after the length, required a header of ",
         length);
  std::string_view headerText = content.substr(8, length), data = content.substr(8 + length);

  StoredTensors result;
  struct Span {
    uint64_t begin, end;
    std::string name;
  };
  std::vector<Span> spans;
  try {
    Json header = Json::parse(headerText);
    if (!header.is_object())
      fail(what, ": the header is no object");
    for (const auto &[name, value] : header.items()) {
      if (name == "__metadata__") {
        result.metadata = value.get<std::map<std::string, std::string>>();
        continue;
      }
      StoredTensor tensor{value.at("dtype").get<std::string>(), valueOf<Shape>(value.at("shape")), {}};
      auto offsets = valueOf<std::vector<uint64_t>>(value.at("data_offsets"));
      uint64_t size = bytesOfDtype(tensor.dtype, name, what);
      for (int64_t extent : tensor.shape)
        if (extent < 0 || __builtin_mul_overflow(size, static_cast<uint64_t>(extent), &size))
          fail(what, ": tensor '", name, "' has impossible shape ", textOf(tensor.shape));
      if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] - offsets[0] != size)
        fail(what, ": tensor '", name, "' of shape ", textOf(tensor.shape), " requires ", size,
             " bytes, its offsets say otherwise");
      if (offsets[1] > data.size())
        fail(what, ": truncated: tensor '", name, "' ends at byte ", offsets[1], " of the data, found ",
             data.size());
      tensor.bytes = data.substr(offsets[0], size);
      spans.push_back({offsets[0], offsets[1], name});
      result.tensors[name] = std::move(tensor);
    }
  } catch (const Json::exception &error) {
    fail(what, ": malformed header: ", error.what());
  }
  std::sort(spans.begin(), spans.end(), [](const Span &a, const Span &b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  uint64_t covered = 0;
  for (const Span &span : spans) {
    if (span.begin != covered)
      fail(what, ": tensor '", span.name, "' begins at byte ", span.begin, ", required ", covered);
    covered = span.end;
  }
  if (covered != data.size())
    fail(what, ": found ", data.size(), " bytes of data, the tensors fill ", covered);
  if (auto checksum = result.metadata.find("crc32"); checksum != result.metadata.end())
    checkChecksum(content, checksum->second, what);
  return result;
}

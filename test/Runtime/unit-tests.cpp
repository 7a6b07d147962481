//===- unit-tests.cpp - Parts of the runtime against known answers ----------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Batches.h"
#include "Dataset.h"
#include "Device.h"
#include "Error.h"
#include "File.h"
#include "Npy.h"
#include "Npz.h"
#include "Philox.h"
#include "Png.h"
#include "Samplers.h"
#include "Schedules.h"
#include "TensorBoard.h"
#include "costate/Runtime/ABI.h"

#include <atomic>
#include <chrono>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <numeric>
#include <set>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

using namespace costate::rt;

// The library's main is not wanted here, its descriptor is nobody's.
extern "C" const char costate_program[] = "{}";
extern "C" const costate_entry costate_entries[] = {{nullptr, nullptr}};

TEST(Device, Names) {
  EXPECT_EQ(parseDevice("cpu"), -1);
  EXPECT_EQ(parseDevice("cuda:0"), 0);
  EXPECT_EQ(parseDevice("cuda:12"), 12);
  for (const char *text : {"", "gpu", "cuda", "cuda:", "cuda:-1", "cuda:1x", "cuda: 1", "CPU"})
    EXPECT_FALSE(parseDevice(text)) << text;
}

TEST(Device, LaunchWithoutDevice) {
  const costate_gpu_image images[] = {{costate_gpu_end, nullptr, nullptr, 0}};
  EXPECT_EXIT(costate_rt_gpu_launch(images, "k", 1, 1, 0, 0, nullptr), testing::ExitedWithCode(1),
              "error: GPU: a kernel was launched without a device");
}

// Known answers published with Random123 (kat_vectors, philox4x32, 10 rounds).
TEST(Philox, KnownAnswers) {
  using Words = std::array<uint32_t, 4>;
  EXPECT_EQ(philox4x32({0, 0, 0, 0}, {0, 0}), (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  EXPECT_EQ(philox4x32({~0u, ~0u, ~0u, ~0u}, {~0u, ~0u}),
            (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQ(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}),
            (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

TEST(Philox, Moments) {
  Philox random(1, 2);
  double mean = 0, square = 0, uniform = 0;
  constexpr int n = 100000;
  for (int i = 0; i < n; ++i) {
    double value = random.normal(i);
    mean += value / n;
    square += value * value / n;
    uniform += random.uniform(i) / n;
  }
  EXPECT_NEAR(mean, 0, 0.015);
  EXPECT_NEAR(square, 1, 0.02);
  EXPECT_NEAR(uniform, 0.5, 0.005);
}

TEST(Crc32c, KnownAnswer) { EXPECT_EQ(crc32c("123456789"), 0xe3069283u); }

TEST(Base64, KnownAnswers) {
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foo"), "Zm9v");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

TEST(File, PipesAreWrittenToAndStay) {
  std::string path =
      (std::filesystem::temp_directory_path() / ("costate-pipe-" + std::to_string(::getpid()))).string();
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  std::string read;
  std::thread reader([&] {
    std::ifstream stream(path);
    std::getline(stream, read);
  });
  writeFileAtomically(path, "a line\n");
  reader.join();
  EXPECT_EQ(read, "a line");
  EXPECT_TRUE(std::filesystem::is_fifo(path));
  std::filesystem::remove(path);
}

TEST(Npz, RoundTrip) {
  std::vector<double> values{1, -2.5, 1e-300, 4, 5, 6};
  std::string archive = formatZip({{"a.npy", formatNpy({2, 3}, values, Precision::F64)},
                                   {"b.npy", formatNpy({6}, values, Precision::F32)},
                                   {"c.npy", formatNpy({}, {7}, Precision::F64)}});
  auto arrays = parseNpz(archive, "test");
  EXPECT_EQ(arrays.at("a").shape, (Shape{2, 3}));
  EXPECT_EQ(arrays.at("a").values, values);
  EXPECT_EQ(arrays.at("b").shape, (Shape{6}));
  EXPECT_EQ(arrays.at("b").values[1], -2.5);
  EXPECT_EQ(arrays.at("c").values, std::vector<double>{7});
}

/// What is said of something that is refused; empty if it is not.
template <typename F> static std::string refusalOf(F parse) {
  try {
    parse();
  } catch (const Error &error) {
    return error.what();
  }
  return "";
}

TEST(Npy, Refusals) {
  auto npy = [](const std::string &header) {
    std::string bytes("\x93NUMPY\x01\x00", 8);
    return bytes + static_cast<char>(header.size()) + '\0' + header;
  };
  const std::pair<std::string, std::string> cases[] = {
      {"hello, this is none", "f: not an npy file (it does not begin with \\x93NUMPY)"},
      {std::string("\x93NUMPY\x04\x00\x00\x00", 10), "f: npy version 4 found, required 1, 2 or 3"},
      {std::string("\x93NUMPY\x02\x00\x00\x00", 10), "f: truncated npy header"},
      {std::string("\x93NUMPY\x01\x00\x09\x00{}", 12), "f: truncated npy header: found 2 bytes, required 9"},
      {npy("{}"), "f: malformed npy header: required descr, fortran_order and shape"},
      {npy("[]"), "f: malformed npy header: required '{' at character 0"},
      {npy("{3"), "f: malformed npy header: required a quoted word at character 1"},
      {npy("{'descr"), "f: malformed npy header: unfinished word at character 1"},
      {npy("{'descr': [('x', '<f8')"), "f: malformed npy header: unfinished list at character 10"},
      {npy("{'fortran_order': Yes"), "f: malformed npy header: required True or False at character 18"},
      {npy("{'shape': (x,)"), "f: malformed npy header: required an extent at character 11"},
      {npy("{'shape': (99999999999999999999,)"), "f: malformed npy header: an extent is too large"},
      {npy("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999, 99999999999999999)}"),
       "f: shape [99999999999999999, 99999999999999999] is too large"},
      {npy("{'descr': '<f8', 'fortran_order': False, 'shape': ()}") + "123456789012345678901234",
       "f: too long: found 24 bytes of data, required 1 elements of 8 bytes for shape []"},
  };
  for (const auto &[bytes, message] : cases)
    EXPECT_EQ(refusalOf([&] { parseNpy(bytes, "f"); }), message);
}

TEST(Npz, Refusals) {
  const std::string archive = formatZip({{"a.npy", formatNpy({1}, {1}, Precision::F64)}});
  size_t directory = archive.find("PK\x01\x02"), end = archive.find("PK\x05\x06");
  auto patched = [&](size_t at, const std::string &bytes) {
    std::string result = archive;
    return result.replace(at, bytes.size(), bytes);
  };
  std::string far("\xff\xff\xff\x7f", 4), all("\xff\xff\xff\xff", 4);
  // The last 20 bytes before the end record, had they been a zip64 locator.
  std::string locator =
      archive.substr(0, end) + std::string("PK\x06\x07", 4) + std::string(16, '\0') + archive.substr(end);
  locator.replace(locator.find("PK\x05\x06") + 16, 4, all);
  const std::pair<std::string, std::string> cases[] = {
      {"no archive", "f: not a zip archive, or a truncated one (no end record found)"},
      {patched(end + 16, far), "f: truncated or damaged zip archive: found " +
                                   std::to_string(archive.size()) + " bytes, required 4 at 2147483647"},
      {patched(directory, "QK"), "f: damaged zip archive: entry 0 of the directory is not one"},
      {locator, "f: damaged zip archive: the zip64 end record is not where it should be"},
      {patched(directory + 8, "\x01"), "f: member 'a.npy' is encrypted"},
      {patched(directory + 42, "\x01"),
       "f: damaged zip archive: member 'a.npy' is not where the directory says"},
      {patched(directory + 10, "\x09"),
       "f: member 'a.npy' uses compression method 9, required 0 (stored) or 8 (deflated)"},
      {patched(directory + 10, "\x08"), "f: member 'a.npy' is damaged: found 6 bytes, required "},
      {patched(directory + 10, "\x08").replace(directory + 24, 4, far),
       "f: member 'a.npy' claims 2147483647 bytes from "},
      {patched(directory + 16, "\x01\x02\x03\x04"),
       "f: member 'a.npy' is damaged (its checksum does not match)"},
  };
  for (const auto &[bytes, message] : cases)
    EXPECT_EQ(refusalOf([&] { parseNpz(bytes, "f"); }).substr(0, message.size()), message);
}

// Every single damaged byte of an archive is either refused or leaves the arrays as they were (a date, say).
TEST(Npz, NoDamageGoesUnnoticed) {
  std::vector<double> values{1, 2, 3};
  std::string archive = formatZip({{"a.npy", formatNpy({3}, values, Precision::F64)}});
  for (size_t i = 0; i < archive.size(); ++i) {
    std::string damaged = archive;
    damaged[i] ^= 0x55;
    try {
      auto arrays = parseNpz(damaged, "test");
      for (const auto &[name, array] : arrays)
        EXPECT_EQ(array.values, values) << "byte " << i;
    } catch (const std::runtime_error &) {
    }
    EXPECT_ANY_THROW(parseNpz(archive.substr(0, i), "test"));
  }
}

static SetSpec box(const std::string &sampler, int64_t count, size_t dimensions) {
  SetSpec set;
  set.name = "points";
  set.region = {"box", std::vector<double>(dimensions, -1.0), std::vector<double>(dimensions, 3.0), {}};
  set.sampler = sampler;
  set.count = count;
  return set;
}

TEST(Samplers, StayInsideAndRepeat) {
  for (const char *sampler : {"grid", "uniform", "latin_hypercube", "sobol"}) {
    SetSpec set = box(sampler, 64, 3);
    std::vector<double> points = samplePoints(set, 1, 0);
    EXPECT_EQ(points.size(), static_cast<size_t>(sampleCount(set) * 3)) << sampler;
    for (double x : points)
      EXPECT_TRUE(x >= -1 && x <= 3) << sampler;
    EXPECT_EQ(points, samplePoints(set, 1, 0)) << sampler;
    if (set.sampler != "grid") {
      EXPECT_NE(points, samplePoints(set, 2, 0)) << sampler;
      EXPECT_NE(points, samplePoints(set, 1, 1)) << sampler;
    }
  }
}

/// How many points fall into each of `slices` slices of an axis.
static std::vector<int> occupancy(const std::vector<double> &points, size_t dimensions, size_t d,
                                  int slices) {
  std::vector<int> result(slices);
  for (size_t i = d; i < points.size(); i += dimensions)
    ++result[std::min(slices - 1, static_cast<int>((points[i] + 1) / 4 * slices))];
  return result;
}

TEST(Samplers, LatinHypercubeFillsEverySlice) {
  std::vector<double> points = samplePoints(box("latin_hypercube", 50, 4), 3, 0);
  for (size_t d = 0; d < 4; ++d)
    EXPECT_EQ(occupancy(points, 4, d, 50), std::vector<int>(50, 1));
}

TEST(Samplers, SobolIsBalancedUpTo21Dimensions) {
  // A digital net: each of the 64 slices of every axis gets 4 of 256 points, whatever the digital shift. The
  // sequence leaves out its first point, so one slice may lack one and another have one more.
  std::vector<double> points = samplePoints(box("sobol", 256, 21), 5, 0);
  for (size_t d = 0; d < 21; ++d)
    for (int n : occupancy(points, 21, d, 64))
      EXPECT_TRUE(n >= 3 && n <= 5) << "dimension " << d << ": " << n;
}

TEST(Samplers, GridHasItsCorners) {
  SetSpec set = box("grid", 0, 2);
  set.perAxis = {3, 2};
  EXPECT_EQ(samplePoints(set, 1, 0), (std::vector<double>{-1, -1, -1, 3, 1, -1, 1, 3, 3, -1, 3, 3}));
}

TEST(Samplers, FacesLieOnTheBoundary) {
  for (const char *sampler : {"grid", "uniform", "latin_hypercube", "sobol"}) {
    SetSpec set = box(sampler, 40, 2);
    set.region.kind = "faces";
    set.region.faces = {{0, false}, {1, true}};
    std::vector<double> points = samplePoints(set, 1, 0);
    ASSERT_EQ(points.size(), 80u);
    for (size_t row = 0; row < 40; ++row)
      EXPECT_TRUE(row < 20 ? points[2 * row] == -1 : points[2 * row + 1] == 3) << sampler;
    set.region.faces.clear();
    points = samplePoints(set, 1, 0);
    for (size_t row = 0; row < points.size() / 2; ++row)
      EXPECT_TRUE(std::fabs(points[2 * row] - 1) == 2 || std::fabs(points[2 * row + 1] - 1) == 2) << sampler;
  }
  SetSpec ends = box("uniform", 2, 1);
  ends.region.kind = "faces";
  EXPECT_EQ(samplePoints(ends, 1, 0), (std::vector<double>{-1, 3}));
}

TEST(Samplers, FacesShareByArea) {
  // The six faces of a box of 1 x 2 x 4 have areas 8, 8, 4, 4, 2, 2 of 28.
  SetSpec set = box("uniform", 28, 3);
  set.region = {"faces", {0, 0, 0}, {1, 2, 4}, {}};
  auto counts = [&](int64_t count) {
    set.count = count;
    std::vector<double> points = samplePoints(set, 1, 0);
    EXPECT_EQ(points.size(), static_cast<size_t>(3 * count));
    std::vector<int64_t> result;
    int64_t left = count;
    for (size_t d = 0; d < 3; ++d)
      for (double end : {set.region.lower[d], set.region.upper[d]}) {
        int64_t here = 0;
        while (left > here && points[3 * (count - left + here) + d] == end)
          ++here;
        left -= here;
        result.push_back(here);
      }
    EXPECT_EQ(left, 0);
    return result;
  };
  EXPECT_EQ(counts(28), (std::vector<int64_t>{8, 8, 4, 4, 2, 2}));
  EXPECT_EQ(counts(14), (std::vector<int64_t>{4, 4, 2, 2, 1, 1}));
  // 2.86, 2.86, 1.43, 1.43, 0.71, 0.71: the largest remainders get what is left.
  EXPECT_EQ(counts(10), (std::vector<int64_t>{3, 3, 1, 1, 1, 1}));
  // A face with little area keeps a point where there is one for each.
  EXPECT_EQ(counts(6), (std::vector<int64_t>{1, 1, 1, 1, 1, 1}));
  set.region.upper = {1, 1, 1000};
  EXPECT_EQ(counts(100), (std::vector<int64_t>{24, 24, 25, 25, 1, 1}));
  // Areas may be beyond f64, or below it.
  for (double unit : {1e200, 1e-200}) {
    set.region.upper = {unit, 2 * unit, 4 * unit};
    EXPECT_EQ(counts(28), (std::vector<int64_t>{8, 8, 4, 4, 2, 2}));
  }
  // Without areas, evenly.
  set.region.upper = {0, 0, 0};
  set.count = 9;
  EXPECT_EQ(samplePoints(set, 1, 0).size(), 27u);
}

TEST(Samplers, GridsSayWhatTheyHave) {
  SetSpec set = box("grid", 10, 2);
  set.name = "inside";
  EXPECT_EQ(sampleCount(set), 9);
  EXPECT_EQ(describeGrid(set),
            "the grid of set 'inside' has 9 points, 3 x 3, where count is 10; grids have the same "
            "number of points along every axis");
  set.count = 9;
  EXPECT_EQ(describeGrid(set), "");
  set.perAxis = {2, 5};
  set.count = 0;
  EXPECT_EQ(describeGrid(set), "");
  EXPECT_EQ(describeGrid(box("uniform", 10, 2)), "");
  SetSpec faces = box("grid", 50, 3);
  faces.name = "walls";
  faces.region.kind = "faces";
  EXPECT_EQ(describeGrid(faces),
            "the grid of set 'walls' has 34 points on its faces, where count is 50; grids have "
            "the same number of points along every axis");
}

TEST(Schedules, Factors) {
  Schedule step;
  step.kind = Schedule::Kind::Step;
  step.every = 10;
  step.factor = 0.5;
  EXPECT_EQ(step.factorAt(9), 1);
  EXPECT_EQ(step.factorAt(10), 0.5);
  EXPECT_EQ(step.factorAt(25), 0.25);
  Schedule exponential;
  exponential.kind = Schedule::Kind::Exponential;
  exponential.rate = 0.9;
  EXPECT_DOUBLE_EQ(exponential.factorAt(3), 0.729);
  Schedule cosine;
  cosine.kind = Schedule::Kind::Cosine;
  cosine.steps = 100;
  cosine.final = 0.2;
  EXPECT_EQ(cosine.factorAt(0), 1);
  EXPECT_NEAR(cosine.factorAt(50), 0.6, 1e-12);
  EXPECT_DOUBLE_EQ(cosine.factorAt(1000), 0.2);
  Schedule warmup;
  warmup.kind = Schedule::Kind::Warmup;
  warmup.steps = 4;
  warmup.then = std::make_shared<Schedule>(step);
  EXPECT_EQ(warmup.factorAt(0), 0.25);
  EXPECT_EQ(warmup.factorAt(3), 1);
  EXPECT_EQ(warmup.factorAt(14), 0.5);
  Schedule piecewise;
  piecewise.kind = Schedule::Kind::Piecewise;
  piecewise.boundaries = {5, 10};
  piecewise.factors = {1, 0.5, 0.1};
  EXPECT_EQ(piecewise.factorAt(4), 1);
  EXPECT_EQ(piecewise.factorAt(5), 0.5);
  EXPECT_EQ(piecewise.factorAt(9), 0.5);
  EXPECT_EQ(piecewise.factorAt(10), 0.1);
}

TEST(Dataset, ComponentsFirstAndPadded) {
  Array x{{70, 2}, std::vector<double>(140), "<f8"};
  std::iota(x.values.begin(), x.values.end(), 0);
  Dataset set = makeDataset("s", {{"x", {2}}}, {{"x", x}}, Precision::F32, "test");
  EXPECT_EQ(set.count, 70);
  EXPECT_EQ(set.capacity, 128);
  EXPECT_EQ(set.get(set.columns[0], 3, 1), 7);
  EXPECT_EQ(set.columns[0].data.as<float>()[128 + 3], 7);
  EXPECT_EQ(set.get(set.columns[0], 127, 1), 139);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(set.columns[0].data.data()) % 64, 0u);
}

TEST(Batches, EachRowOnceAnEpoch) {
  Array x{{23}, std::vector<double>(23), "<f8"};
  std::iota(x.values.begin(), x.values.end(), 0);
  Dataset set = makeDataset("s", {{"x", {1}}}, {{"x", x}}, Precision::F64, "test");
  Batches batches(set, {{"x", {1}}}, 5, 1);
  EXPECT_EQ(batches.stepsPerEpoch(), 5);
  std::vector<double> first;
  for (int epoch = 0; epoch < 2; ++epoch) {
    std::vector<double> order;
    for (int step = 0; step < 5; ++step) {
      batches.load(5 * epoch + step);
      EXPECT_EQ(batches.batch().count, step < 4 ? 5 : 3);
      EXPECT_EQ(batches.batch().whole().count, 23);
      for (int64_t row = 0; row < batches.batch().count; ++row)
        order.push_back(batches.batch().get(batches.batch().columns[0], row, 0));
    }
    EXPECT_EQ(std::set<double>(order.begin(), order.end()).size(), 23u);
    EXPECT_NE(order, first);
    first = order;
  }
  // A step asked for out of order sees what it always sees.
  Batches again(set, {{"x", {1}}}, 5, 1);
  again.load(7);
  batches.load(7);
  for (int64_t row = 0; row < 64; ++row)
    EXPECT_EQ(again.batch().columns[0].data.get(row), batches.batch().columns[0].data.get(row));
}

namespace {
struct Tally {
  std::atomic<int64_t> runs[64] = {};
  std::atomic<int64_t> badWorkers{0};
};
void countChunk(void *context, int64_t chunk, int64_t worker) {
  auto &tally = *static_cast<Tally *>(context);
  ++tally.runs[chunk];
  if (worker < 0 || worker >= costate_rt_threads())
    ++tally.badWorkers;
}
void nest(void *context, int64_t, int64_t) { costate_rt_parallel_for(countChunk, context, 3); }
} // namespace

TEST(Threads, EveryChunkOnce) {
  for (int64_t threads : {1, 2, 5}) {
    costate_rt_set_threads(threads);
    EXPECT_EQ(costate_rt_threads(), threads);
    Tally tally;
    constexpr int64_t rounds = 2000;
    for (int64_t round = 0; round < rounds; ++round) {
      costate_rt_parallel_for(countChunk, &tally, round % 65);
      // Now and then the workers are left to fall asleep.
      if (round % 500 == 0)
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    for (int64_t chunk = 0; chunk < 64; ++chunk) {
      int64_t expected = 0;
      for (int64_t round = 0; round < rounds; ++round)
        expected += round % 65 > chunk;
      EXPECT_EQ(tally.runs[chunk], expected);
    }
    EXPECT_EQ(tally.badWorkers, 0);
  }
}

TEST(Threads, NestedLoopsRunInPlace) {
  costate_rt_set_threads(3);
  Tally tally;
  costate_rt_parallel_for(nest, &tally, 10);
  EXPECT_EQ(tally.runs[0], 10);
  EXPECT_EQ(tally.runs[2], 10);
  EXPECT_EQ(tally.badWorkers, 0);
}

TEST(Variants, NoneFits) {
  const costate_variant variants[] = {{"x86-64-v99", "{}", nullptr}, {"m68k", "{}", nullptr}, {}};
  char name[] = "program";
  char *arguments[] = {name, nullptr};
  testing::internal::CaptureStderr();
  EXPECT_EQ(costate_rt_main_variants(1, arguments, variants), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "program: error: this program is compiled for x86-64-v99, m68k; this machine is none of these\n");
}

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  return RUN_ALL_TESTS();
}

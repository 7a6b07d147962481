//===- reader-tests.cpp - What users write, read exactly or refused ---------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "ConfigFile.h"
#include "Csv.h"
#include "Error.h"
#include "File.h"
#include "Npy.h"
#include "Numbers.h"
#include "Philox.h"
#include "TensorBoard.h"

#include <cmath>
#include <filesystem>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace costate::rt;

namespace {

/// What is said of something that is refused; empty if it is not.
template <typename F> std::string refusalOf(F read) {
  try {
    read();
  } catch (const Error &error) {
    return error.what();
  }
  return "";
}

} // namespace

TEST(Numbers, WholeOnesAreExactOver64Bits) {
  auto seed = [](const std::string &text) { return parseWhole(text, "seed", allSeeds); };
  EXPECT_EQ(seed("0"), 0u);
  EXPECT_EQ(seed("9007199254740993"), 9007199254740993u); // 2^53 + 1
  EXPECT_EQ(seed("9223372036854775809"), 9223372036854775809u);
  EXPECT_EQ(seed("18446744073709551615"), 18446744073709551615u);
  EXPECT_EQ(seed("+7"), 7u);
  EXPECT_EQ(seed("1e4"), 10000u);
  EXPECT_EQ(seed("9007199254740992.0"), 9007199254740992u);
  for (const char *text : {"18446744073709551616", "-1", "-0.5", "1e30", "1e19", "1.5", "nan", "inf", "",
                           " 1", "1 ", "+-1", "--1", "0x10", "1e", "ten", "1,000"})
    EXPECT_EQ(refusalOf([&] { seed(text); }),
              std::string("seed: found '") + text +
                  "', required a whole number from 0 to 18446744073709551615");
}

TEST(Numbers, RealOnesAreHeldByThePrecision) {
  auto rate = [](const std::string &text, Precision precision) {
    return parseReal(text, "lr", {RealRange::Kind::Positive}, precision);
  };
  EXPECT_EQ(rate("1e-3", Precision::F64), 1e-3);
  EXPECT_EQ(rate("+1.0", Precision::F64), 1.0);
  EXPECT_EQ(rate("1e300", Precision::F64), 1e300);
  for (const char *text : {"0", "-1", "nan", "inf", "-inf", "1e400", "1e-400", "", "one"})
    EXPECT_EQ(refusalOf([&] { rate(text, Precision::F64); }),
              std::string("lr: found '") + text + "', required a finite number above 0");
  // Infinity and zero in f32.
  for (const char *text : {"1e300", "1e-60"})
    EXPECT_EQ(refusalOf([&] { rate(text, Precision::F32); }),
              std::string("lr: found '") + text + "', required a finite number above 0 (in f32)");
  auto range = [](RealRange::Kind kind, const char *text) {
    return refusalOf([&] { parseReal(text, "x", {kind}, Precision::F64); });
  };
  EXPECT_EQ(range(RealRange::Kind::Fraction, "0"), "");
  EXPECT_EQ(range(RealRange::Kind::Fraction, "1"),
            "x: found '1', required a number of at least 0 and below 1");
  EXPECT_EQ(range(RealRange::Kind::NonNegative, "0"), "");
  EXPECT_EQ(range(RealRange::Kind::NonNegative, "-1"),
            "x: found '-1', required a finite number of at least 0");
  EXPECT_EQ(range(RealRange::Kind::Any, "-1"), "");
  EXPECT_EQ(range(RealRange::Kind::Any, "inf"), "x: found 'inf', required a finite number");
}

/// a.a.a
static std::string deepKey(int depth) {
  std::string key = "a";
  for (int i = 1; i < depth; ++i)
    key += ".a";
  return key;
}

TEST(ConfigFile, KeysAsDeepAsALine) {
  EXPECT_EQ(parseConfig("[" + deepKey(2000) + "]\n" + deepKey(2000) + " = 1", "f").at(0).key, deepKey(4000));
}

TEST(ConfigFile, Refusals) {
  const std::pair<std::string, std::string> cases[] = {
      {"[=", "f:1: not TOML: malformed key, value or table header"},
      {"a = 1\n\n[[=", "f:3: not TOML: malformed key, value or table header"},
      {"a = 1\nb.= 2\n", "f:2: not TOML: "},
      {"a = 1\na = 2\n", "f:2: not TOML: "},
      {std::string("a = 1\n\0b = 2", 12), "f:2: not TOML: "},
      {"\xff\xfe = 2", "f:1: not TOML: "},
      {"\xc3\xa9 = 2", "f:1: not TOML: "}, // é
      {"a = \xd1\xbb", "f:1: not TOML: "}, // ѻ
      {"a = 99999999999999999999999", "f:1: not TOML: "},
      {"a = " + std::string(4000, '['), "f:1: not TOML: "},
      {"\n" + deepKey(100000) + " = 1", "f:2: found a line of 200003 bytes, required at most 4096"},
      {"a = true", "f:1: 'a': found a boolean, required a number"},
      {"[t]\na = [1, 2]", "f:2: 't.a': found an array, required a number"},
      {"a = 2026-01-31", "f:1: 'a': found a time, required a number"},
  };
  for (const auto &[text, message] : cases)
    EXPECT_EQ(refusalOf([&] { parseConfig(text, "f"); }).substr(0, message.size()), message);
  // A byte-order mark is none of the text.
  EXPECT_EQ(parseConfig("\xef\xbb\xbf"
                        "a = 18",
                        "f")
                .at(0)
                .text,
            "18");
  EXPECT_EQ(parseConfig("a = \"18446744073709551615\"", "f").at(0).text, "18446744073709551615");
  // Any letter stands in a comment or a string.
  EXPECT_EQ(parseConfig("a = \"\"\"\\\n\xc3\xa9\"\"\" # \xd1\xbb", "f").at(0).text, "\xc3\xa9");
}

// Every mutated file is read, or refused as the command line is: nothing else is thrown, and nothing aborts.
TEST(ConfigFile, MutationsAreReadOrRefused) {
  const std::string good =
      "# run\n[optimizer]\nlr = 0.125\nbeta1 = 9e-1\n[training]\nsteps = 1_000\n\"a b\".c = 0x10\n"
      "d = [[1, 2], {e = 1979-05-27T07:32:00Z}]\nf = '''x\ny'''\n[[g]]\nh = \"\\u0041\"\n";
  constexpr std::string_view pieces[] = {
      "[", "]", "=", "\"", "'", "{", "}", ".", ",", "#", "\n", "_", "\\", std::string_view("\0", 1), "\xff"};
  Philox random(1, streamOf("mutations"));
  uint64_t at = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = good;
    for (uint64_t n = 1 + random.below(at++, 4); n > 0; --n) {
      size_t place = random.below(at++, text.size());
      std::string_view piece = pieces[random.below(at++, std::size(pieces))];
      switch (random.below(at++, 4)) {
      case 0:
        text.erase(place, 1 + random.below(at++, 8));
        break;
      case 1:
        text.insert(place, piece);
        break;
      case 2:
        text.replace(place, 1, piece);
        break;
      default:
        text.resize(place + 1);
      }
    }
    try {
      parseConfig(text, "f");
    } catch (const Error &error) {
      EXPECT_EQ(error.code, Usage);
    }
  }
}

TEST(Csv, Forms) {
  using Values = std::vector<double>;
  for (const char *text :
       {"x,u\n0.5,1\n", "\xef\xbb\xbfx,u\r\n0.5,1\r\n", "x;u\n0.5;1\n", "x\tu\n0.5\t1", "x u\n0.5   1 \n",
        "  x   u\n 0.5 \t1\n", "x,u,\n0.5,1,\n", "x,u,\n0.5,1\n", "\"x\",\"u\"\n\"0.5\", \"1\"\n",
        "# a\n\nx,u\n\n# b\n+0.5,+1.0\n\n", "x,u\r0.5,1\r"}) {
    auto arrays = parseCsv(text, "f");
    ASSERT_EQ(arrays.size(), 2u) << text;
    EXPECT_EQ(arrays.at("x").values, Values{0.5}) << text;
    EXPECT_EQ(arrays.at("u").values, Values{1}) << text;
  }
  EXPECT_EQ(parseCsv("\"a,b\"\"c\",u\n1,2\n", "f").at("a,b\"c").values, Values{1});
  auto odd = parseCsv("x,u\nnan,-inf\n", "f");
  EXPECT_TRUE(std::isnan(odd.at("x").values[0]) && std::isinf(odd.at("u").values[0]));
}

TEST(Csv, Refusals) {
  const std::pair<std::string, std::string> cases[] = {
      {"x,u\n1,\n", "f:2: column 'u': found an empty cell, required a number"},
      {"x,u\n1,2,\n", "f:2: found 3 cells, required 2"},
      {"x,u\n1\n", "f:2: found 1 cells, required 2"},
      {"x;u\n0,5;1\n", "f:2: column 'x': found '0,5', required a number (with a decimal point)"},
      {"x,u\n1,1.0.0\n", "f:2: column 'u': found '1.0.0', required a number"},
      {"x,u\n1,1e999\n", "f:2: column 'u': found '1e999', required a number"},
      {"x,u\n1,\"2\n", "f:2: a quote is not closed"},
      {"0.5,1\n0.25,2\n", "f:1: found numbers, required a header line with the names of the columns"},
      {std::string("\xff\xfex\0", 4), "f: found UTF-16, required UTF-8"},
      {"", "f: found no header line with the names of the columns"},
  };
  for (const auto &[text, message] : cases)
    EXPECT_EQ(refusalOf([&] { parseCsv(text, "f"); }), message);
}

TEST(Npy, HalvesAndBigEnds) {
  auto npy = [](const std::string &descr, const std::string &data) {
    std::string header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': (4,)}";
    return std::string("\x93NUMPY\x01\x00", 8) + static_cast<char>(header.size()) + '\0' + header + data;
  };
  // 1, -2, the smallest subnormal, the largest; then infinity, NaN, -0, 2^-14.
  const std::vector<double> ordinary{1, -2, 0x1p-24, 65504};
  EXPECT_EQ(parseNpy(npy("<f2", std::string("\x00\x3c\x00\xc0\x01\x00\xff\x7b", 8)), "f").values, ordinary);
  EXPECT_EQ(parseNpy(npy(">f2", std::string("\x3c\x00\xc0\x00\x00\x01\x7b\xff", 8)), "f").values, ordinary);
  std::vector<double> odd =
      parseNpy(npy("<f2", std::string("\x00\x7c\x01\x7c\x00\x80\x00\x04", 8)), "f").values;
  EXPECT_EQ(odd[0], INFINITY);
  EXPECT_TRUE(std::isnan(odd[1]));
  EXPECT_TRUE(odd[2] == 0 && std::signbit(odd[2]));
  EXPECT_EQ(odd[3], 0x1p-14);
  EXPECT_EQ(parseNpy(npy(">i2", std::string("\x00\x01\xff\xff\x01\x00\x80\x00", 8)), "f").values,
            (std::vector<double>{1, -1, 256, -32768}));
  EXPECT_EQ(parseNpy(npy("|b1", std::string("\x00\x01\x01\x00", 4)), "f").values,
            (std::vector<double>{0, 1, 1, 0}));
  EXPECT_EQ(parseNpy(npy("<U3", ""), "f").problem,
            "f: found element type '<U3', required floats of 16, 32 or 64 bits, integers or booleans");
}

TEST(File, NamesOfFiles) {
  EXPECT_EQ(fileNameOf("predict.line_2-a"), "predict.line_2-a");
  EXPECT_EQ(fileNameOf("../../evil"), "%2E.%2F..%2Fevil");
  EXPECT_EQ(fileNameOf("a/b:c\n"), "a%2Fb%3Ac%0A");
  EXPECT_EQ(fileNameOf("-rf"), "%2Drf");
  EXPECT_EQ(fileNameOf("größe"), "größe");
  EXPECT_EQ(fileNameOf(std::string(300, 'a')).size(), 217u);
  EXPECT_NE(fileNameOf(std::string(300, 'a')), fileNameOf(std::string(301, 'a')));
}

TEST(TensorBoard, EventsBehindTheCheckpointAreCut) {
  std::string folder = testing::TempDir() + "events-" + std::to_string(::getpid());
  TensorBoardLog log(folder, 0);
  log.flush();
  std::string empty = readFile(log.file());
  for (int64_t step : {1, 200, 70000}) {
    log.add(step, {"a"}, {1.5});
    log.flush();
  }
  std::string all = readFile(log.file());
  EXPECT_EQ(keepEvents(all, 70000), all);
  EXPECT_EQ(keepEvents(all, 0), empty);
  EXPECT_EQ(keepEvents(all, 200), keepEvents(all, 69999));
  EXPECT_LT(keepEvents(all, 199).size(), keepEvents(all, 200).size());
  // What was cut short, or damaged, ends the file.
  EXPECT_EQ(keepEvents(std::string_view(all).substr(0, all.size() - 1), 70000), keepEvents(all, 200));
  all[empty.size() + 20] ^= 1;
  EXPECT_EQ(keepEvents(all, 70000), empty);
  std::filesystem::remove_all(folder);
}

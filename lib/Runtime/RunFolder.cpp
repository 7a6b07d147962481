//===- RunFolder.cpp - Where a run leaves its results -----------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "RunFolder.h"

#include "Config.h"
#include "Error.h"
#include "File.h"
#include "JsonValue.h"
#include "Metrics.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>
#include <unistd.h>

using namespace costate::rt;
namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

std::string costate::rt::timestamp() {
  std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// Whether it was this process that made the folder.
static bool makeOneFolder(const fs::path &path) {
  std::error_code error;
  bool isNew = fs::create_directory(path, error);
  if (error)
    fail("cannot make the folder '", path.string(), "': ", error.message());
  return isNew;
}

void RunFolder::makeFolder(const fs::path &path) {
  std::error_code error;
  if (fs::is_directory(path, error))
    return;
  if (fs::exists(path, error))
    fail("cannot make the folder '", path.string(), "': ", std::strerror(ENOTDIR));
  if (path.has_parent_path())
    makeFolder(path.parent_path());
  if (path.has_filename() && makeOneFolder(path))
    made.push_back(path);
}

/// Whether a start that died before it wrote its manifest left this, and nobody else.
static bool isLeftover(const fs::path &path) {
  std::error_code error;
  std::string name = path.filename().string();
  if (name == "checkpoints")
    return fs::is_directory(fs::symlink_status(path, error)) && fs::is_empty(path, error);
  if (!fs::is_regular_file(fs::symlink_status(path, error)))
    return false;
  if (name == FolderLock::fileName)
    return readFile(path.string()).find_first_not_of("0123456789\n") == std::string::npos;
  return isTemporary(name) ||
         (name == "config.toml" && readFile(path.string()).rfind(Config::heading, 0) == 0);
}

void RunFolder::checkFree(const std::string &wanted, const std::string &config) {
  std::error_code error;
  if (fs::exists(wanted, error) && !fs::is_directory(wanted, error))
    fail("the run folder '", wanted, "' is a file");
  if (fs::is_symlink(wanted, error) && !fs::exists(wanted, error))
    fail("the run folder '", wanted, "' is a link to what is not there");
  for (const auto &item : fs::directory_iterator(wanted, error))
    if (!isLeftover(item.path()) || (!config.empty() && fs::equivalent(item.path(), config, error)))
      fail("the run folder '", wanted, "' holds files already, such as '", item.path().filename().string(),
           "'; use --resume ", wanted, " to go on, or name another");
}

RunFolder RunFolder::create(const std::string &programName, const std::string &wanted,
                            const std::string &config) {
  RunFolder folder(wanted);
  try {
    if (wanted.empty()) {
      folder.makeFolder("runs");
      int number = 1;
      do {
        char suffix[16];
        std::snprintf(suffix, sizeof(suffix), "-%03d", number++);
        folder.root = (fs::path("runs") / (fileNameOf(programName) + suffix)).string();
      } while (!makeOneFolder(folder.root)); // Two runs never share a folder.
      folder.made.push_back(folder.root);
    } else {
      checkFree(wanted, config);
      folder.makeFolder(wanted);
    }
    folder.lock();
    // Another may have begun, and ended, in between.
    checkFree(folder.root, config);
    folder.isOurs = true;
    removeTemporaries(folder.root);
    folder.makeFolder(folder.file("checkpoints"));
  } catch (...) {
    folder.discard();
    throw;
  }
  return folder;
}

void RunFolder::lock() { held = std::make_unique<FolderLock>(root); }

void RunFolder::discard() {
  std::error_code error;
  if (isOurs) {
    fs::remove_all(file("tensorboard"), error);
    for (const char *name : {"config.toml", "manifest.json", "metrics.jsonl", "metrics.csv",
                             static_cast<const char *>(FolderLock::fileName)})
      fs::remove(file(name), error);
  }
  // Those that hold somebody's files stay.
  for (auto path = made.rbegin(); path != made.rend(); ++path)
    fs::remove(*path, error);
}

RunFolder RunFolder::open(const std::string &path) {
  if (!fs::is_regular_file(fs::path(path) / "manifest.json"))
    fail("'", path, "' is not a run folder (it has no manifest.json)");
  fs::path clean = fs::path(path).lexically_normal();
  return RunFolder(clean.has_filename() ? clean.string() : clean.parent_path().string());
}

std::string RunFolder::checkpointFile(int64_t step) const {
  char name[64];
  std::snprintf(name, sizeof(name), "checkpoints/step-%08lld.safetensors", static_cast<long long>(step));
  return file(name);
}

int64_t RunFolder::stepOf(const std::string &checkpoint) {
  std::string name = fs::path(checkpoint).filename().string();
  int64_t step = -1;
  if (name.rfind("step-", 0) == 0)
    std::from_chars(name.data() + 5, name.data() + name.size(), step);
  return step;
}

std::vector<std::string> RunFolder::checkpoints() const {
  std::vector<std::string> found;
  std::error_code error;
  for (const auto &item : fs::directory_iterator(file("checkpoints"), error))
    if (item.path().extension() == ".safetensors" && stepOf(item.path().string()) >= 0)
      found.push_back(file("checkpoints/" + item.path().filename().string()));
  std::sort(found.begin(), found.end(),
            [](const std::string &a, const std::string &b) { return stepOf(a) > stepOf(b); });
  return found;
}

static std::string processorName() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0 && line.find(':') != std::string::npos)
      return line.substr(line.find(':') + 2);
  return "unknown";
}

void RunFolder::writeManifest(const Program &program, const Manifest &manifest) const {
  char host[256] = {};
  gethostname(host, sizeof(host) - 1);
  Json json = {
      {"schema", 1},
      {"program", program.name},
      {"source", program.source},
      {"ir_hash", program.irHash},
      {"compiler", program.compiler},
      {"precision", nameOf(program.precision)},
      {"seed", manifest.seed},
      {"threads", manifest.threads},
      {"device", manifest.device},
      {"machine",
       {{"host", host}, {"processor", processorName()}, {"cores", std::thread::hardware_concurrency()}}},
      {"command", manifest.command},
      {"data", manifest.data},
      {"digests", manifest.digests},
      {"reference", manifest.reference},
      {"started", manifest.started},
      {"status", manifest.status},
      {"stop_reason", manifest.stopReason},
      {"steps", manifest.steps},
      {"seconds", manifest.seconds},
  };
  Json results = Json::object();
  for (const auto &[name, value] : manifest.results)
    results[name] = std::isfinite(value) ? Json(value) : Json::parse(jsonNumber(value));
  json["results"] = results;
  writeFileAtomically(file("manifest.json"), json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Manifest RunFolder::readManifest(const Program &program) const {
  std::string path = file("manifest.json");
  try {
    Json json = Json::parse(readFile(path));
    if (json.at("program") != program.name || json.at("ir_hash") != program.irHash)
      fail("'", root, "' was made by program '", json.at("program").get<std::string>(), "' (",
           json.at("ir_hash").get<std::string>(), "), this is '", program.name, "' (", program.irHash, ")");
    Manifest manifest;
    manifest.command = json.at("command").get<std::string>();
    manifest.started = json.at("started").get<std::string>();
    manifest.status = json.at("status").get<std::string>();
    manifest.stopReason = json.at("stop_reason").get<std::string>();
    manifest.seed = valueOf<uint64_t>(json.at("seed"));
    manifest.threads = valueOf<int64_t>(json.at("threads"));
    manifest.device = json.at("device").get<std::string>();
    manifest.steps = valueOf<int64_t>(json.at("steps"));
    manifest.seconds = valueOf<double>(json.at("seconds"));
    manifest.data = json.at("data").get<std::vector<std::string>>();
    manifest.digests = json.at("digests").get<std::map<std::string, std::string>>();
    manifest.reference = json.at("reference").get<std::string>();
    for (const auto &[name, value] : json.at("results").items())
      manifest.results[name] = value.is_number()   ? value.get<double>()
                               : value.is_string() ? std::strtod(value.get<std::string>().c_str(), nullptr)
                                                   : std::nan("");
    return manifest;
  } catch (const Json::exception &error) {
    fail("'", path, "' is malformed: ", error.what());
  }
}

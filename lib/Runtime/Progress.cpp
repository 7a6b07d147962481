//===- Progress.cpp - How far a run is --------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//

#include "Progress.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <unistd.h>

using namespace costate::rt;

std::string costate::rt::figureText(double value) {
  char text[32];
  double size = std::fabs(value);
  if (value == std::floor(value) && size < 1e6)
    std::snprintf(text, sizeof(text), "%.0f", value);
  else if (size >= 0.01 && size < 1e5)
    std::snprintf(text, sizeof(text), "%.4g", value);
  else
    std::snprintf(text, sizeof(text), "%.3e", value);
  return text;
}

std::string costate::rt::durationText(double seconds) {
  char text[48];
  if (seconds < 1e-3)
    std::snprintf(text, sizeof(text), "%.1f us", seconds * 1e6);
  else if (seconds < 1)
    std::snprintf(text, sizeof(text), "%.1f ms", seconds * 1e3);
  else if (seconds < 100)
    std::snprintf(text, sizeof(text), "%.1f s", seconds);
  else if (seconds < 3600)
    std::snprintf(text, sizeof(text), "%d min %d s", static_cast<int>(seconds) / 60,
                  static_cast<int>(seconds) % 60);
  else
    std::snprintf(text, sizeof(text), "%d h %d min", static_cast<int>(seconds) / 3600,
                  static_cast<int>(seconds) / 60 % 60);
  return text;
}

Progress::Progress(bool quiet, int64_t totalSteps)
    : quiet(quiet), terminal(isatty(STDERR_FILENO) == 1), colour(terminal), totalSteps(totalSteps) {
  const char *noColour = std::getenv("NO_COLOR"), *term = std::getenv("TERM");
  if (noColour && *noColour)
    colour = false;
  if (term && std::string(term) == "dumb")
    terminal = colour = false;
}

void Progress::clear() {
  if (drawn)
    std::fputs("\r\033[K", stderr);
  drawn = false;
}

std::string Progress::line(int64_t step, double seconds, const std::string &figures) const {
  std::string result = "step " + std::to_string(step) + "/" + std::to_string(totalSteps);
  if (terminal) {
    int filled = totalSteps > 0 ? static_cast<int>(10 * step / totalSteps) : 10;
    std::string bar(std::clamp(filled, 0, 10), '#');
    bar.resize(10, '.');
    result += colour ? " [\033[32m" + bar + "\033[0m]" : " [" + bar + "]";
  }
  return result + " " + durationText(seconds) + "  " + figures;
}

void Progress::show(int64_t step, double seconds, const std::string &figures) {
  if (quiet)
    return;
  // A terminal is redrawn ten times a second; a log gets a line every two seconds, then ever more rarely.
  nextAt = seconds + (terminal ? 0.1 : std::max(2.0, seconds / 20));
  clear();
  std::fputs(line(step, seconds, figures).c_str(), stderr);
  if (terminal)
    drawn = true;
  else
    std::fputc('\n', stderr);
  std::fflush(stderr);
}

void Progress::finish(int64_t step, double seconds, const std::string &figures) {
  if (quiet)
    return;
  clear();
  std::fprintf(stderr, "%s\n", line(step, seconds, figures).c_str());
}

void Progress::note(const std::string &text) {
  clear();
  std::fprintf(stderr, "%s\n", text.c_str());
}

//===- Compiler.cpp - Any text to the parser, the verifier, and the passes ------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===----------------------------------------------------------------------===//
//
// The first line of an input names passes, `// passes: a,b{option=1}`, or is
// `// passes: costatec` for what costatec does; what follows is a module.
// Whatever it is, the parser and every pass take it or say at some place what
// is wrong. What a pass leaves behind is valid, and is read again as written.
//
//===----------------------------------------------------------------------===//

#include "Mutator.h"
#include "costate/Pipelines/Passes.h"
#include "costate/Pipelines/Pipelines.h"

#include "mlir/IR/AsmState.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassInstrumentation.h"
#include "mlir/Pass/PassManager.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>

using namespace mlir;
using costate::fuzz::Mutator;
using costate::fuzz::Pool;

namespace {

constexpr StringLiteral firstLine = "// passes: ";
/// Types and attributes stay in a context; after so many inputs it is made anew.
constexpr unsigned inputsOfAContext = 200;

[[noreturn]] void violated(const Twine &what) {
  std::fprintf(stderr, "violated: %s\n", what.str().c_str());
  std::abort();
}

/// What is said about an input.
class Sayings {
public:
  Sayings(MLIRContext *context, bool placesMayBeUnknown)
      : handler(context, [this, placesMayBeUnknown](Diagnostic &diagnostic) {
          if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
            return success();
          last = diagnostic.str();
          if (last.empty())
            violated("an error says something");
          if (!placesMayBeUnknown && isa<UnknownLoc>(diagnostic.getLocation()))
            violated("an error has a place: " + last);
          return success();
        }) {}

  /// The last error.
  std::string last;

private:
  ScopedDiagnosticHandler handler;
};

/// Verifies what each pass leaves behind, itself, to tell invalid IR from a pass that refuses its input.
class Verifying : public PassInstrumentation {
public:
  Verifying(const Sayings &sayings) : sayings(sayings) {}
  void runAfterPass(Pass *pass, Operation *op) override {
    if (!pass->getArgument().empty() && failed(verify(op)))
      violated("valid IR after " + pass->getArgument() + ": " + sayings.last);
  }

private:
  const Sayings &sayings;
};

std::string textOf(Operation *op) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  op->print(stream, OpPrintingFlags().useLocalScope());
  return text;
}

/// What is printed can be parsed, and is the same again.
void checkRoundTrip(ModuleOp module, const Sayings &sayings) {
  std::string text = textOf(module);
  OwningOpRef<ModuleOp> again = parseSourceString<ModuleOp>(text, module.getContext());
  if (!again)
    violated("what is printed can be parsed: " + sayings.last + "\n" + text);
  if (textOf(*again) != text)
    violated("what is printed is read as it was written:\n" + text + "\nbecomes\n" + textOf(*again));
}

DialectRegistry &registry() {
  static DialectRegistry registry = [] {
    DialectRegistry result;
    costate::registerDialects(result);
    return result;
  }();
  return registry;
}

MLIRContext &freshContext() {
  static std::unique_ptr<MLIRContext> context;
  static unsigned inputs = 0;
  if (inputs++ % inputsOfAContext == 0) {
    context.reset();
    context = std::make_unique<MLIRContext>(registry(), MLIRContext::Threading::DISABLED);
  }
  return *context;
}

/// Runs the passes that BUILD adds; false where one refuses the module, and says so.
bool runPasses(ModuleOp module, Sayings &sayings, function_ref<LogicalResult(OpPassManager &)> build) {
  PassManager manager(module.getContext(), ModuleOp::getOperationName(), OpPassManager::Nesting::Implicit);
  manager.addPass(costate::createCostateVerifySizes());
  if (failed(build(manager)))
    return false;
  manager.enableVerifier(false);
  manager.addInstrumentation(std::make_unique<Verifying>(sayings));
  sayings.last.clear();
  if (succeeded(manager.run(module)))
    return true;
  if (sayings.last.empty())
    violated("a pass that fails says why");
  return false;
}

bool runCostatec(ModuleOp module, Sayings &sayings) {
  auto verifySource = [](OpPassManager &manager) {
    manager.addPass(costate::createCostateVerifySource());
    return success();
  };
  if (costate::detectLevel(module) < 5 && !runPasses(module, sayings, verifySource))
    return false;
  for (unsigned level = costate::detectLevel(module); level < 5; ++level) {
    auto lower = [level](OpPassManager &manager) {
      costate::buildCPUPipeline(manager, {}, level, level + 1);
      return success();
    };
    if (!runPasses(module, sayings, lower))
      return false;
  }
  return true;
}

} // namespace

// Allocators of LLVM mark what they have not given away yet; the library's own part of them, which is not
// instrumented, marks nothing when it gives.
extern "C" const char *__asan_default_options() { return "allow_user_poisoning=0"; }

extern "C" int LLVMFuzzerInitialize(int *, char ***) {
  registerAllPasses();
  costate::registerPasses();
  return 0;
}

/// What COSTATE_FUZZ_CORPUS names, to take words and statements from.
static const Pool &pool() {
  static const Pool pool = [] {
    Pool result;
    const char *folder = std::getenv("COSTATE_FUZZ_CORPUS");
    if (!folder)
      return result;
    std::vector<std::filesystem::path> files;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
      files.push_back(entry.path());
    llvm::sort(files);
    for (const auto &file : files) {
      std::ifstream stream(file, std::ios::binary);
      result.add(std::string(std::istreambuf_iterator<char>(stream), {}));
    }
    return result;
  }();
  return pool;
}

static std::string inputOf(const uint8_t *data, size_t size) {
  return {reinterpret_cast<const char *>(data), size};
}

extern "C" size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t maxSize);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t maxSize, unsigned seed) {
  std::string result = Mutator(pool(), seed).mutate(inputOf(data, size));
  // Bytes now and then, which the lexer sees.
  if (seed % 64 == 0 || result.empty() || result.size() > maxSize)
    return LLVMFuzzerMutate(data, size, maxSize);
  std::copy(result.begin(), result.end(), data);
  return result.size();
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t *one, size_t oneSize, const uint8_t *other,
                                            size_t otherSize, uint8_t *out, size_t maxSize, unsigned seed) {
  std::string result = Mutator(pool(), seed).cross(inputOf(one, oneSize), inputOf(other, otherSize));
  if (result.size() > maxSize)
    return 0;
  std::copy(result.begin(), result.end(), out);
  return result.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  std::string text = inputOf(data, size);
  StringRef pipeline;
  if (StringRef line = StringRef(text).split('\n').first; line.starts_with(firstLine))
    pipeline = line.drop_front(firstLine.size()).trim();

  MLIRContext &context = freshContext();
  Sayings sayings(&context, StringRef(text).contains("unknown"));
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(text, &context);
  if (!module) {
    if (sayings.last.empty())
      violated("what cannot be parsed is said");
    return 0;
  }
  checkRoundTrip(*module, sayings);

  auto parsePasses = [&](OpPassManager &manager) {
    return parsePassPipeline(pipeline, manager, llvm::nulls());
  };
  if (pipeline == "costatec" ? runCostatec(*module, sayings) : runPasses(*module, sayings, parsePasses))
    checkRoundTrip(*module, sayings);
  return 0;
}

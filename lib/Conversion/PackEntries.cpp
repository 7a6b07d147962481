//===- PackEntries.cpp - Entries as the runtime calls them, and the program descriptor --------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "BufferPointers.h"
#include "Exported.h"
#include "costate/Conversion/Passes.h"

#include "mlir/Conversion/LLVMCommon/TypeConverter.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/JSON.h"

namespace costate {
#define GEN_PASS_DEF_COSTATEPACKENTRIES
#include "costate/Conversion/Passes.h.inc"
} // namespace costate

using namespace mlir;
using namespace costate;
namespace json = llvm::json;

namespace {

/// An attribute as JSON: dictionaries, arrays, strings, numbers and booleans.
FailureOr<json::Value> toJSON(Attribute attr) {
  if (auto dictionary = dyn_cast<DictionaryAttr>(attr)) {
    json::Object object;
    for (NamedAttribute entry : dictionary) {
      FailureOr<json::Value> value = toJSON(entry.getValue());
      if (failed(value))
        return failure();
      object[entry.getName().getValue()] = std::move(*value);
    }
    return json::Value(std::move(object));
  }
  if (auto array = dyn_cast<ArrayAttr>(attr)) {
    json::Array values;
    for (Attribute element : array) {
      FailureOr<json::Value> value = toJSON(element);
      if (failed(value))
        return failure();
      values.push_back(std::move(*value));
    }
    return json::Value(std::move(values));
  }
  if (auto array = dyn_cast<DenseI64ArrayAttr>(attr))
    return json::Value(json::Array(array.asArrayRef()));
  if (auto array = dyn_cast<DenseF64ArrayAttr>(attr))
    return json::Value(json::Array(array.asArrayRef()));
  if (auto text = dyn_cast<StringAttr>(attr))
    return json::Value(json::fixUTF8(text.getValue()));
  if (auto flag = dyn_cast<BoolAttr>(attr))
    return json::Value(flag.getValue());
  if (auto number = dyn_cast<IntegerAttr>(attr))
    return json::Value(number.getInt());
  if (auto number = dyn_cast<FloatAttr>(attr))
    return json::Value(number.getValueAsDouble());
  return failure();
}

/// An argument of an entry, as the descriptor names it.
json::Object describeArgument(StringRef role, Type type) {
  json::Object argument;
  SmallVector<StringRef> words;
  role.split(words, ':');
  argument["role"] = words[0].str();
  if (words[0] == "column") {
    argument["set"] = words[1].str();
    argument["column"] = words[2].str();
  } else if (words[0] == "count" || words[0] == "total") {
    argument["set"] = words[1].str();
  } else if (words.size() > 1) {
    argument["name"] = role.split(':').second.str();
  }
  if (words[0] == "column" || words[0] == "out")
    argument["shape"] = json::Array(cast<MemRefType>(type).getShape().drop_back());
  return argument;
}

LogicalResult verifyRole(func::FuncOp entry, unsigned i, StringRef role) {
  StringRef kind = role.split(':').first;
  unsigned parts = llvm::StringSwitch<unsigned>(kind)
                       .Cases({"theta", "metrics", "grad", "workspace"}, 1)
                       .Cases({"state", "count", "total", "hyper", "out"}, 2)
                       .Case("column", 3)
                       .Default(0);
  if (!parts)
    return entry.emitOpError() << "has argument " << i << " of role '" << role
                               << "', which the runtime does not know";
  if (role.count(':') + 1 < parts)
    return entry.emitOpError() << "has argument " << i << " of role '" << role << "', which needs "
                               << parts - 1 << (parts == 2 ? " name" : " names") << " after the colon";
  Type type = entry.getArgument(i).getType();
  bool rows = kind == "count" || kind == "total", scalar = rows || kind == "hyper";
  bool fits = scalar ? (rows ? isa<IndexType>(type) : isa<FloatType>(type)) : isa<MemRefType>(type);
  if (!fits)
    return entry.emitOpError() << "has argument " << i << " of role '" << role << "' and type " << type
                               << ", but this role needs "
                               << (rows     ? "index"
                                   : scalar ? "a float"
                                            : "a memref");
  if (auto buffer = dyn_cast<MemRefType>(type)) {
    if (!buffer.getLayout().isIdentity() || buffer.getNumDynamicDims() > 1)
      return entry.emitOpError()
             << "has argument " << i << " of type " << type
             << ", but a buffer of the runtime is row-major with at most one dynamic extent";
    if ((kind == "column" || kind == "out") &&
        (buffer.getRank() < 1 || !buffer.isDynamicDim(buffer.getRank() - 1)))
      return entry.emitOpError() << "has argument " << i << " of role '" << role << "' and type " << type
                                 << ", but its last extent, the points, must be dynamic";
  }
  return success();
}

class Packer {
public:
  Packer(ModuleOp module, StringRef target)
      : module(module), target(target), options(module.getContext()), converter(module.getContext(), options),
        pointer(LLVM::LLVMPointerType::get(module.getContext())), builder(module.getContext()) {}

  LogicalResult run() {
    SmallVector<func::FuncOp> entries;
    bool library = false;
    for (auto function : module.getOps<func::FuncOp>()) {
      if (function->hasAttr("costate.entry"))
        entries.push_back(function);
      if (function->hasAttr(kExportedAttr)) {
        library = true;
        takePointers(function);
      }
    }
    if (library)
      return success();
    if (failed(verifyNames(entries)))
      return failure();
    SmallVector<LLVM::LLVMFuncOp> wrappers;
    for (func::FuncOp entry : entries)
      if (failed(verify(entry)))
        return failure();
    // The types of the arguments are described before they are gone.
    if (failed(describe(entries)))
      return failure();
    for (func::FuncOp entry : entries)
      wrappers.push_back(wrap(entry));
    createTable(entries, wrappers);
    return success();
  }

private:
  /// Nothing may have the names that are to be defined, such as what packing has made.
  LogicalResult verifyNames(ArrayRef<func::FuncOp> entries) {
    SmallVector<std::string> names = {kProgram, kTable};
    for (func::FuncOp entry : entries)
      names.push_back(nameOf(entry));
    for (StringRef name : names)
      if (Operation *named = module.lookupSymbol(name))
        return named->emitOpError() << "is named @" << name
                                    << ", which packing defines: a module is packed once";
    return success();
  }

  LogicalResult verify(func::FuncOp entry) {
    if (entry.getNumResults() != 0)
      return entry.emitOpError("is an entry function and must return nothing");
    for (unsigned i = 0, e = entry.getNumArguments(); i < e; ++i) {
      auto role = entry.getArgAttrOfType<StringAttr>(i, "costate.role");
      if (!role)
        return entry.emitOpError() << "is an entry function, but its argument " << i
                                   << " has no costate.role";
      if (failed(verifyRole(entry, i, role)))
        return failure();
    }
    return success();
  }

  /// void costate_entry_NAME(void **args, void *workspace)
  LLVM::LLVMFuncOp wrap(func::FuncOp entry) {
    Location loc = entry.getLoc();
    builder.setInsertionPointAfter(entry);
    auto type =
        LLVM::LLVMFunctionType::get(LLVM::LLVMVoidType::get(builder.getContext()), {pointer, pointer});
    auto wrapper = LLVM::LLVMFuncOp::create(builder, loc, symbolOf(entry), type);
    Block *block = wrapper.addEntryBlock(builder);
    builder.setInsertionPointToStart(block);
    auto loadPointer = [&](int32_t i) -> Value {
      Value place = LLVM::GEPOp::create(builder, loc, pointer, pointer, block->getArgument(0),
                                        ArrayRef<LLVM::GEPArg>{i});
      return LLVM::LoadOp::create(builder, loc, pointer, place);
    };
    int32_t passed = 0;
    for (unsigned i = 0, e = entry.getNumArguments(); i < e; ++i)
      passed += roleOf(entry, i) != "workspace";
    int32_t capacity = passed, next = 0;
    SmallVector<Value> arguments;
    SmallVector<unsigned> firstPart;
    for (auto [i, argument] : llvm::enumerate(entry.getArguments())) {
      firstPart.push_back(arguments.size());
      auto buffer = dyn_cast<MemRefType>(argument.getType());
      if (roleOf(entry, i) == "workspace") {
        // Its extent is never asked for: the plan has seen to it.
        arguments.push_back(block->getArgument(1));
        arguments.push_back(LLVM::ConstantOp::create(builder, loc, builder.getI64Type(), 0));
        continue;
      }
      Value address = loadPointer(next++);
      if (!buffer) {
        arguments.push_back(
            LLVM::LoadOp::create(builder, loc, converter.convertType(argument.getType()), address));
        continue;
      }
      arguments.push_back(address);
      if (!buffer.hasStaticShape())
        appendCapacity(loc, buffer, loadPointer(capacity++), arguments);
    }
    takePointers(entry, arguments, firstPart);
    func::CallOp::create(builder, loc, entry, arguments);
    LLVM::ReturnOp::create(builder, loc, ValueRange());
    entry.setPrivate();
    return wrapper;
  }

  /// Makes the entry take what the wrapper passes: pointers, all to distinct buffers, and extents.
  void takePointers(func::FuncOp entry, ValueRange passed, ArrayRef<unsigned> firstPart) {
    OpBuilder::InsertionGuard guard(builder);
    Block &block = entry.front();
    Location loc = entry.getLoc();
    builder.setInsertionPointToStart(&block);
    unsigned count = block.getNumArguments();
    for (Value part : passed)
      block.addArgument(part.getType(), loc);
    SmallVector<Attribute> attributes(passed.size(), builder.getDictionaryAttr({}));
    auto distinct = builder.getNamedAttr(LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
    for (unsigned i = 0; i < count; ++i) {
      BlockArgument argument = block.getArgument(i);
      unsigned first = firstPart[i], last = i + 1 < count ? firstPart[i + 1] : passed.size();
      ValueRange parts = block.getArguments().slice(count + first, last - first);
      if (auto type = dyn_cast<MemRefType>(argument.getType())) {
        attributes[first] = builder.getDictionaryAttr({distinct});
        argument.replaceAllUsesWith(composeBuffer(builder, loc, converter, type, parts));
      } else {
        argument.replaceAllUsesWith(castValue(builder, loc, argument.getType(), parts.front()));
      }
    }
    block.eraseArguments(0, count);
    entry.setType(builder.getFunctionType(block.getArgumentTypes(), {}));
    entry.setAllArgAttrs(attributes);
  }

  /// Makes a function of a library take a pointer for each of its buffers, all of static shape.
  void takePointers(func::FuncOp function) {
    Block &block = function.front();
    builder.setInsertionPointToStart(&block);
    auto distinct = builder.getStringAttr(LLVM::LLVMDialect::getNoAliasAttrName());
    for (BlockArgument argument : block.getArguments())
      if (auto type = dyn_cast<MemRefType>(argument.getType())) {
        argument.setType(pointer);
        Value buffer = composeBuffer(builder, function.getLoc(), converter, type, argument);
        argument.replaceUsesWithIf(buffer, [](OpOperand &use) {
          return !isa_and_nonnull<LLVM::LLVMDialect>(use.getOwner()->getDialect());
        });
        function.setArgAttr(argument.getArgNumber(), distinct, builder.getUnitAttr());
      }
    function.setType(builder.getFunctionType(block.getArgumentTypes(), {}));
  }

  /// The one dynamic extent, and the strides that follow from it.
  void appendCapacity(Location loc, MemRefType type, Value address, SmallVectorImpl<Value> &parts) {
    Value extent = LLVM::LoadOp::create(builder, loc, builder.getI64Type(), address);
    parts.push_back(extent);
    auto [strides, offset] = type.getStridesAndOffset();
    int64_t inner = 1;
    SmallVector<int64_t> factors(type.getRank(), 1);
    for (int64_t i = type.getRank() - 1; i >= 0; --i) {
      factors[i] = inner;
      if (!type.isDynamicDim(i))
        inner *= type.getDimSize(i);
    }
    for (auto [i, stride] : llvm::enumerate(strides))
      if (ShapedType::isDynamic(stride)) {
        Value factor = LLVM::ConstantOp::create(builder, loc, builder.getI64Type(), factors[i]);
        parts.push_back(LLVM::MulOp::create(builder, loc, extent, factor));
      }
  }

  static StringRef roleOf(func::FuncOp entry, unsigned i) {
    return entry.getArgAttrOfType<StringAttr>(i, "costate.role").getValue();
  }

  static constexpr const char *kProgram = "costate_program", *kTable = "costate_entries";
  /// Of the string that is the name of an entry.
  static std::string nameOf(func::FuncOp entry) { return ("costate_name_" + entry.getName()).str(); }

  /// A name that C takes: what else may be in that of an entry is an underscore, with a number behind it
  /// where two come to the same.
  std::string symbolOf(func::FuncOp entry) {
    std::string plain = ("costate_entry_" + entry.getName()).str(), symbol;
    for (char &c : plain)
      c = llvm::isAlnum(c) ? c : '_';
    symbol = plain;
    for (unsigned number = 1; module.lookupSymbol(symbol) || !symbols.insert(symbol).second; ++number)
      symbol = plain + "_" + std::to_string(number);
    return symbol;
  }

  LogicalResult describe(ArrayRef<func::FuncOp> entries) {
    json::Object program;
    if (Attribute attr = module->getAttr("costate.program")) {
      if (auto text = dyn_cast<StringAttr>(attr)) {
        llvm::Expected<json::Value> parsed = json::parse(text.getValue());
        if (!parsed)
          return module.emitError("costate.program is not JSON: ") << llvm::toString(parsed.takeError());
        if (!parsed->getAsObject())
          return module.emitError("costate.program must be a JSON object");
        program = std::move(*parsed->getAsObject());
      } else {
        FailureOr<json::Value> value = toJSON(attr);
        if (failed(value) || !value->getAsObject())
          return module.emitError(
              "costate.program must be a JSON object, as a string or as a dictionary of strings, "
              "numbers, booleans and arrays");
        program = std::move(*value->getAsObject());
      }
    }
    auto bytes = [&](StringRef name) {
      auto attr = module->getAttrOfType<IntegerAttr>(name);
      return attr ? attr.getInt() : 0;
    };
    program["schema"] = 1;
    for (StringRef name : {"source", "ir_hash"})
      if (auto text = module->getAttrOfType<StringAttr>(("costate." + name).str()))
        program[name] = json::fixUTF8(text.getValue());
    program["compiler"] = "costatec 0.1";
    program["target"] = target.str();
    program["max_workers"] = 64;
    program["host_workspace_bytes"] = bytes("costate.host_workspace_bytes");
    program["workspace_bytes_per_worker"] = bytes("costate.workspace_bytes_per_worker");
    if (std::optional<StringRef> precision = findPrecision(entries))
      program["precision"] = precision->str();

    // What the front end says of an entry is kept; one that it does not name is added.
    json::Array described;
    if (json::Value *given = program.get("entries"))
      if (json::Array *array = given->getAsArray())
        described = std::move(*array);
    for (func::FuncOp entry : entries) {
      json::Array arguments;
      for (unsigned i = 0, e = entry.getNumArguments(); i < e; ++i)
        if (roleOf(entry, i) != "workspace")
          arguments.push_back(describeArgument(roleOf(entry, i), entry.getArgument(i).getType()));
      json::Object *place = nullptr;
      for (json::Value &candidate : described)
        if (json::Object *object = candidate.getAsObject())
          if (object->getString("name") == std::optional<StringRef>(entry.getName()))
            place = object;
      if (!place) {
        described.push_back(json::Object{{"name", json::fixUTF8(entry.getName())}});
        place = described.back().getAsObject();
      }
      (*place)["args"] = std::move(arguments);
    }
    program["entries"] = std::move(described);
    std::string text;
    llvm::raw_string_ostream(text) << json::Value(std::move(program));
    text.push_back('\0');
    createString(kProgram, text, LLVM::Linkage::External);
    return success();
  }

  static std::optional<StringRef> findPrecision(ArrayRef<func::FuncOp> entries) {
    for (func::FuncOp entry : entries)
      for (auto [i, type] : llvm::enumerate(entry.getArgumentTypes())) {
        if (roleOf(entry, i) == "workspace")
          continue;
        Type element = getElementTypeOrSelf(type);
        if (element.isF32())
          return "f32";
        if (element.isF64())
          return "f64";
      }
    return std::nullopt;
  }

  LLVM::GlobalOp createString(StringRef name, StringRef text, LLVM::Linkage linkage) {
    builder.setInsertionPointToEnd(module.getBody());
    auto type = LLVM::LLVMArrayType::get(builder.getI8Type(), text.size());
    return LLVM::GlobalOp::create(builder, module.getLoc(), type, /*isConstant=*/true, linkage, name,
                                  builder.getStringAttr(text));
  }

  /// const struct {const char *name; void (*function)(void **, void *);} costate_entries[], ended by a null
  /// name.
  void createTable(ArrayRef<func::FuncOp> entries, ArrayRef<LLVM::LLVMFuncOp> wrappers) {
    Location loc = module.getLoc();
    SmallVector<LLVM::GlobalOp> names;
    for (func::FuncOp entry : entries)
      names.push_back(createString(nameOf(entry), entry.getName().str() + '\0', LLVM::Linkage::Internal));
    auto row = LLVM::LLVMStructType::getLiteral(builder.getContext(), {pointer, pointer});
    auto type = LLVM::LLVMArrayType::get(row, entries.size() + 1);
    builder.setInsertionPointToEnd(module.getBody());
    auto table = LLVM::GlobalOp::create(builder, loc, type, /*isConstant=*/true, LLVM::Linkage::External,
                                        kTable, Attribute());
    builder.createBlock(&table.getInitializerRegion());
    Value value = LLVM::ZeroOp::create(builder, loc, type);
    for (auto [i, name, wrapper] : llvm::enumerate(names, wrappers)) {
      int64_t row = i;
      value = LLVM::InsertValueOp::create(builder, loc, value, LLVM::AddressOfOp::create(builder, loc, name),
                                          ArrayRef<int64_t>{row, 0});
      value = LLVM::InsertValueOp::create(
          builder, loc, value, LLVM::AddressOfOp::create(builder, loc, wrapper), ArrayRef<int64_t>{row, 1});
    }
    LLVM::ReturnOp::create(builder, loc, value);
  }

  llvm::StringSet<> symbols;
  ModuleOp module;
  StringRef target;
  LowerToLLVMOptions options;
  LLVMTypeConverter converter;
  Type pointer;
  OpBuilder builder;
};

struct CostatePackEntries : costate::impl::CostatePackEntriesBase<CostatePackEntries> {
  using CostatePackEntriesBase::CostatePackEntriesBase;

  void runOnOperation() override {
    if (failed(Packer(getOperation(), target).run()))
      signalPassFailure();
  }
};

} // namespace

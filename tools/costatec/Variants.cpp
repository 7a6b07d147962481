//===- Variants.cpp - One program for several processors --------------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Variants.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/Error.h"

using namespace llvm;

static constexpr StringLiteral levels[] = {"x86-64-v4", "x86-64-v3", "x86-64-v2", "x86-64"};

Expected<std::vector<std::string>> costate::parseProcessors(StringRef list) {
  SmallVector<StringRef> names;
  list.split(names, ',');
  if (names.size() == 1)
    return std::vector<std::string>{list.str()};
  for (StringRef name : names)
    if (!is_contained(levels, name))
      return createStringError("'" + name +
                               "' is not one of x86-64, x86-64-v2, x86-64-v3 and x86-64-v4, of which "
                               "several may be in one program");
  std::vector<std::string> ordered;
  for (StringRef level : levels)
    if (int count = llvm::count(names, level)) {
      if (count > 1)
        return createStringError("'" + level + "' is named twice");
      ordered.push_back(level.str());
    }
  return ordered;
}

void costate::nameVariant(Module &module, StringRef processor) {
  for (GlobalValue &value : module.global_values())
    if (!value.isDeclaration() && !value.hasLocalLinkage())
      value.setName(value.getName() + "." + processor);
}

std::unique_ptr<Module> costate::emitChoice(LLVMContext &context, ArrayRef<std::string> processors) {
  auto module = std::make_unique<Module>("choice", context);
  IRBuilder<> builder(context);
  Type *pointer = builder.getPtrTy();
  auto external = [&](const Twine &name) -> Constant * {
    return new GlobalVariable(*module, builder.getInt8Ty(), /*isConstant=*/true, GlobalValue::ExternalLinkage,
                              nullptr, name);
  };
  // struct costate_variant of the runtime, ended by one without a name.
  auto *variant = StructType::get(context, {pointer, pointer, pointer});
  SmallVector<Constant *> variants;
  for (const std::string &processor : processors) {
    Constant *name = builder.CreateGlobalString(processor, "", 0, module.get());
    variants.push_back(ConstantStruct::get(
        variant, {name, external("costate_program." + processor), external("costate_entries." + processor)}));
  }
  variants.push_back(ConstantAggregateZero::get(variant));
  auto *tableType = ArrayType::get(variant, variants.size());
  auto *table = new GlobalVariable(*module, tableType, /*isConstant=*/true, GlobalValue::InternalLinkage,
                                   ConstantArray::get(tableType, variants), "variants");

  Type *number = builder.getInt32Ty();
  auto *choose = Function::Create(FunctionType::get(number, {number, pointer, pointer}, false),
                                  Function::ExternalLinkage, "costate_rt_main_variants", *module);
  auto *main = Function::Create(FunctionType::get(number, {number, pointer}, false),
                                Function::ExternalLinkage, "main", *module);
  builder.SetInsertPoint(BasicBlock::Create(context, "", main));
  builder.CreateRet(builder.CreateCall(choose, {main->getArg(0), main->getArg(1), table}));
  return module;
}

//===- Library.cpp - An archive of functions, and its header --------------------------------------------===//
// Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
//===------------------------------------------------------------------------------------------------------===//
#include "Library.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ArchiveWriter.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace costate;

std::string costate::declareFunctions(ModuleOp module) {
  auto scalar = [](Type type) -> std::string {
    if (type.isF64() || type.isF32())
      return type.isF64() ? "double" : "float";
    unsigned bits = type.isIndex() ? 64 : type.getIntOrFloatBitWidth();
    return bits == 1 ? "bool" : "int" + std::to_string(bits) + "_t";
  };
  std::string text;
  llvm::raw_string_ostream stream(text);
  for (auto function : module.getOps<func::FuncOp>()) {
    if (function->hasAttr("costate.entry"))
      return "";
    if (function.isPrivate() || function.isExternal())
      continue;
    SmallVector<std::string> types;
    for (Type type : function.getArgumentTypes())
      types.push_back(isa<ShapedType>(type) ? "const " + scalar(getElementTypeOrSelf(type)) + " *"
                                            : scalar(type));
    for (Type type : function.getResultTypes())
      types.push_back(scalar(getElementTypeOrSelf(type)) + " *");
    stream << "void " << function.getName() << "(" << llvm::join(types, ", ") << ");\n";
  }
  return text;
}

llvm::Error costate::writeLibrary(StringRef input, StringRef output, llvm::Module &ir, StringRef declarations,
                                  Writer generate) {
  SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  if (llvm::Error error = generate(stream))
    return error;
  std::vector<llvm::NewArchiveMember> members;
  members.emplace_back(llvm::MemoryBufferRef(StringRef(object.data(), object.size()), "costate.o"));
  auto archive =
      llvm::writeArchiveToBuffer(members, llvm::SymtabWritingMode::NormalSymtab, llvm::object::Archive::K_GNU,
                                 /*Deterministic=*/true, /*Thin=*/false);
  if (!archive)
    return archive.takeError();
  if (llvm::Error error = writeWhole(output, [&](llvm::raw_pwrite_stream &stream) {
        stream << (*archive)->getBuffer();
        return llvm::Error::success();
      }))
    return error;
  SmallString<128> header(output);
  llvm::sys::path::replace_extension(header, "h");
  return writeWhole(header, [&](llvm::raw_pwrite_stream &stream) {
    // Plain functions need nothing but the C library.
    stream << "// Written by costatec from " << input << "."
           << (declarations.empty() ? " Link with libcostate_rt.a.\n" : "\n") << "#pragma once\n\n"
           << (declarations.empty() ? "#include \"costate/Runtime/ABI.h\"\n"
                                    : "#include <stdbool.h>\n#include <stdint.h>\n")
           << "\n#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n";
    for (llvm::Function &function : ir)
      if (function.getName().starts_with("costate_entry_"))
        stream << "void " << function.getName() << "(void **args, void *workspace);\n";
    stream << declarations << "\n#ifdef __cplusplus\n}\n#endif\n";
    return llvm::Error::success();
  });
}

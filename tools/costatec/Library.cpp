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

/// Of C23 and C++20, and the types that a header declares functions with.
static constexpr llvm::StringLiteral kKeywords =
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char16_t char32_t char8_t "
    "class "
    "co_await co_return co_yield compl concept const const_cast consteval constexpr constinit continue "
    "decltype "
    "default delete do double dynamic_cast else enum explicit export extern false float for friend goto if "
    "inline "
    "int int16_t int32_t int64_t int8_t long mutable namespace new noexcept not not_eq nullptr operator or "
    "or_eq "
    "private protected public register reinterpret_cast requires restrict return short signed sizeof static "
    "static_assert static_cast struct switch template this thread_local throw true try typedef typeid "
    "typename "
    "typeof typeof_unqual union unsigned using virtual void volatile wchar_t while xor xor_eq";

LogicalResult costate::verifyDeclarable(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    if (function.isPublic() && !function.isExternal() &&
        llvm::is_contained(llvm::split(kKeywords, ' '), function.getName()))
      return function.emitOpError() << "is named @" << function.getName()
                                    << ", a keyword, as which no header can declare it";
  return success();
}

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

#===- completion.bash - Completion of Costate's programs in bash ---------------------------------------------===#
# Part of Costate, under the Apache License v2.0 with LLVM Exceptions. See LICENSE.
#===------------------------------------------------------------------------------------------------------------===#
# source tools/completion.bash
#
# Options come from each program's own --help, so they cannot fall behind; other words complete to .mlir files.

_costate_options() {
  "$1" --help 2>/dev/null | grep -oE -- '^ *--?[A-Za-z][A-Za-z0-9-]*(=|,--[a-z-]+)?' | tr -d ' ' | tr ',' '\n'
}

_costate_complete() {
  local program=$1 word=$2
  COMPREPLY=()
  case $word in
  --emit=*) mapfile -t COMPREPLY < <(compgen -W '--emit=mlir@1 --emit=mlir@2 --emit=mlir@3 --emit=mlir@4 --emit=mlir@5
      --emit=llvm --emit=asm --emit=obj --emit=lib --emit=shared --emit=ptx --emit=exe' -- "$word") ;;
  -*) mapfile -t COMPREPLY < <(compgen -W "$(_costate_options "$program")" -- "$word") ;;
  *) mapfile -t COMPREPLY < <(compgen -f -X '!*.mlir' -- "$word"; compgen -d -S / -- "$word") ;;
  esac
}

complete -o nospace -F _costate_complete costatec costate-opt costate-run costate-bench

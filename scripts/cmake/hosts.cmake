# SPDX-License-Identifier: BSD-2-Clause
# Which hosts are supported: 64 bits, little endian, GNU C, a Linux with glibc. The model lays words into memories as
# they lie in its own, and counts in 64 bits; the library asks for nothing but POSIX, the program for argp. Built and
# tested on x86-64; aarch64 compiles. Included when configuring; `cmake -D... -P` tests it.
function(dmasim_host_refused why)
  message(FATAL_ERROR "dmasim is not for this host: ${why}. It needs 64 bits, little endian, gcc or clang, "
    "and Linux with glibc (see docs/library.md).")
endfunction()

if(NOT CMAKE_SIZEOF_VOID_P EQUAL 8)
  dmasim_host_refused("pointers have ${CMAKE_SIZEOF_VOID_P} bytes, not 8")
elseif(NOT CMAKE_C_BYTE_ORDER STREQUAL "LITTLE_ENDIAN")
  dmasim_host_refused("its byte order is ${CMAKE_C_BYTE_ORDER}")
elseif(NOT CMAKE_C_COMPILER_ID MATCHES "^(GNU|Clang)$")
  dmasim_host_refused("the compiler is ${CMAKE_C_COMPILER_ID}")
elseif(NOT CMAKE_SYSTEM_NAME STREQUAL "Linux")
  dmasim_host_refused("the system is ${CMAKE_SYSTEM_NAME}")
endif()

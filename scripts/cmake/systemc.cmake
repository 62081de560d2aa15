# SPDX-License-Identifier: BSD-2-Clause
# dmasim_systemc: the model as SystemC modules, over the public header alone. Left out where SystemC is not.
pkg_check_modules(SYSTEMC IMPORTED_TARGET systemc)
if(NOT SYSTEMC_FOUND)
  message(STATUS "no SystemC (Debian: libsystemc-dev): dmasim_systemc is left out")
  return()
endif()
enable_language(CXX)

# SystemC's library has one ABI only, that of C++17: other standards do not link.
function(dmasim_systemc_options target)
  set_target_properties(${target} PROPERTIES
    CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF UNITY_BUILD ON)
  target_compile_definitions(${target} PRIVATE SC_INCLUDE_DYNAMIC_PROCESSES)
  target_compile_options(${target} PRIVATE -Wall -Wextra $<$<BOOL:${DMASIM_WERROR}>:-Werror>)
  if(DMASIM_SANITIZE)
    target_compile_options(${target} PRIVATE -O1 -fno-omit-frame-pointer -fsanitize=address,undefined
      -fno-sanitize-recover=undefined)
    target_link_options(${target} PRIVATE -fsanitize=address,undefined)
  endif()
endfunction()

file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/model/systemc/*.cpp)
add_library(dmasim_systemc STATIC ${sources})
dmasim_systemc_options(dmasim_systemc)
target_include_directories(dmasim_systemc
  PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/model/systemc/include>
    $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
  PRIVATE ${PROJECT_SOURCE_DIR}/model/systemc)
target_link_libraries(dmasim_systemc PUBLIC dmasim_shared
  $<BUILD_INTERFACE:PkgConfig::SYSTEMC> $<INSTALL_INTERFACE:systemc>)
set_target_properties(dmasim_systemc PROPERTIES EXPORT_NAME systemc)
target_compile_features(dmasim_systemc INTERFACE cxx_std_17)
add_library(dmasim::systemc ALIAS dmasim_systemc)

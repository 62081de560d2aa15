# SPDX-License-Identifier: BSD-2-Clause
# What `cmake --install` puts where, the CMake package, the .pc file and the Debian package.
include(CMakePackageConfigHelpers)

install(TARGETS dmasim_shared dmasim_static EXPORT dmasim-targets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(FILES model/include/dmasim/dmasim.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/dmasim)
if(TARGET dmasim)
  install(TARGETS dmasim RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()

# find_package(dmasim) gives dmasim::dmasim (shared) and dmasim::dmasim_static.
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/dmasim)
install(EXPORT dmasim-targets NAMESPACE dmasim:: DESTINATION ${package_dir})
configure_package_config_file(scripts/cmake/dmasim-config.cmake.in
  ${PROJECT_BINARY_DIR}/dmasim-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/dmasim-config-version.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES
  ${PROJECT_BINARY_DIR}/dmasim-config.cmake
  ${PROJECT_BINARY_DIR}/dmasim-config-version.cmake
  DESTINATION ${package_dir})

# The prefix in the .pc file is the way up from the file itself, so that the tree can be moved; unless a folder was
# given as an absolute path, which is no part of the tree.
file(RELATIVE_PATH pc_up ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" pc_up "${pc_up}")
set(pc_prefix "\${pcfiledir}/${pc_up}")
if(IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  set(pc_prefix "${CMAKE_INSTALL_PREFIX}")
endif()
foreach(folder IN ITEMS libdir includedir)
  string(TOUPPER ${folder} FOLDER)
  set(pc_${folder} "\${prefix}/${CMAKE_INSTALL_${FOLDER}}")
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${FOLDER}}")
    set(pc_${folder} "${CMAKE_INSTALL_${FOLDER}}")
  endif()
endforeach()
configure_file(scripts/cmake/dmasim.pc.in ${PROJECT_BINARY_DIR}/dmasim.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/dmasim.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# The component `systemc`: dmasim::systemc, and dmasim-systemc.pc.
if(TARGET dmasim_systemc)
  install(TARGETS dmasim_systemc EXPORT dmasim-systemc-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(FILES model/systemc/include/dmasim/systemc.h model/systemc/include/dmasim/ahb_pins.h
    DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/dmasim)
  install(EXPORT dmasim-systemc-targets NAMESPACE dmasim:: DESTINATION ${package_dir})
  configure_file(scripts/cmake/dmasim-systemc.pc.in ${PROJECT_BINARY_DIR}/dmasim-systemc.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/dmasim-systemc.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()

# The documents and the scenarios lie as they do here, so that what they say of one another leads there; the schema
# beside the scenarios, whose first lines name it.
function(dmasim_install_documents)
  file(GLOB_RECURSE files CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${ARGN})
  foreach(file IN LISTS files)
    get_filename_component(below ${file} DIRECTORY)
    install(FILES ${file} DESTINATION ${CMAKE_INSTALL_DOCDIR}/${below})
  endforeach()
endfunction()
dmasim_install_documents(${PROJECT_SOURCE_DIR}/docs/*.md ${PROJECT_SOURCE_DIR}/docs/*.png ${PROJECT_SOURCE_DIR}/docs/ci/*.yml)
dmasim_install_documents(${PROJECT_SOURCE_DIR}/configs/*.yaml ${PROJECT_SOURCE_DIR}/configs/*.json)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES docs/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(FILES docs/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(FILES configs/scenario.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/dmasim)
install(FILES scripts/completion/dmasim
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES scripts/completion/zsh/_dmasim DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)

# The manual page is what the program says of itself.
if(TARGET dmasim AND NOT CMAKE_CROSSCOMPILING)
  set(manual ${PROJECT_BINARY_DIR}/dmasim.1)
  add_custom_command(OUTPUT ${manual}
    COMMAND ${PROJECT_SOURCE_DIR}/scripts/man $<TARGET_FILE:dmasim> ${manual}
    DEPENDS dmasim scripts/man VERBATIM)
  add_custom_target(dmasim_manual ALL DEPENDS ${manual})
  install(FILES ${manual} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME dmasim)
set(CPACK_PACKAGE_CONTACT "dmasim maintainers <dmasim@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Cycle-accurate simulator of DMA controllers")
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SECTION electronics)
set(CPACK_DEBIAN_PACKAGE_HOMEPAGE "")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
include(CPack)

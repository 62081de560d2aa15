# SPDX-License-Identifier: BSD-2-Clause
# What `dmasim report` draws with. npm fetches the packages that model/report/web/package-lock.json names, once for each
# build folder; then node makes one script and one style of them and of model/report/web (build.mjs), as a C file.
# report_assets is that file, or empty: then there is no `dmasim report`, and all else is as it is.
set(report_assets "")
set(report_web ${PROJECT_SOURCE_DIR}/model/report/web)
set(report_npm ${PROJECT_BINARY_DIR}/report)

function(dmasim_report_packages result)
  set(${result} "" PARENT_SCOPE)
  if(NOT DMASIM_REPORT)
    set(${result} "DMASIM_REPORT is off" PARENT_SCOPE)
    return()
  endif()
  find_program(NODE node)
  find_program(NPM npm)
  if(NOT NODE OR NOT NPM)
    set(${result} "there is no node or no npm" PARENT_SCOPE)
    return()
  endif()
  execute_process(COMMAND ${NODE} --version OUTPUT_VARIABLE version OUTPUT_STRIP_TRAILING_WHITESPACE)
  string(REGEX REPLACE "^v" "" version "${version}")
  if(version VERSION_LESS 18)
    set(${result} "node is ${version}, and has to be 18 or later" PARENT_SCOPE)
    return()
  endif()
  file(SHA256 ${report_web}/package-lock.json lock)
  set(stamp ${report_npm}/fetched)
  set(fetched "")
  if(EXISTS ${stamp})
    file(READ ${stamp} fetched)
  endif()
  if(NOT fetched STREQUAL lock)
    message(STATUS "Fetching the packages of dmasim report")
    file(COPY ${report_web}/package.json ${report_web}/package-lock.json DESTINATION ${report_npm})
    execute_process(COMMAND ${NPM} ci --ignore-scripts --no-audit --no-fund --prefer-offline --fetch-retries=0
      --fetch-timeout=30000 WORKING_DIRECTORY ${report_npm} TIMEOUT 180
      RESULT_VARIABLE status OUTPUT_FILE ${report_npm}/npm.log ERROR_FILE ${report_npm}/npm.log)
    if(NOT status EQUAL 0)
      set(${result} "npm cannot fetch its packages (${report_npm}/npm.log)" PARENT_SCOPE)
      return()
    endif()
    # A processor for which esbuild has no program shows here, not in the build.
    execute_process(COMMAND ${report_npm}/node_modules/.bin/esbuild --version RESULT_VARIABLE status
      OUTPUT_QUIET ERROR_QUIET)
    if(NOT status EQUAL 0)
      set(${result} "esbuild does not run here" PARENT_SCOPE)
      return()
    endif()
    file(WRITE ${stamp} ${lock})
  endif()
endfunction()

set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${report_web}/package-lock.json)
dmasim_report_packages(report_missing)
if(report_missing)
  message(STATUS "dmasim report is left out: ${report_missing}")
else()
  set(report_assets ${report_npm}/assets.c)
  file(GLOB report_sources CONFIGURE_DEPENDS ${report_web}/*.js ${report_web}/*.css ${report_web}/*.mjs)
  add_custom_command(OUTPUT ${report_assets}
    COMMAND ${NODE} ${report_web}/build.mjs ${report_npm} ${report_assets}
    DEPENDS ${report_sources} ${report_npm}/fetched
    COMMENT "Making the pages of dmasim report" VERBATIM)
endif()

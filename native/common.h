/* What all modules share. A module exports functions over memory that broadsheet.native lays out; they read their inputs
   and write their outputs there, allocate nothing, and return a number. */

#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name)))

/* What all modules share. A module exports functions over memory that broadsheet.native lays out; they read their
   inputs and write their outputs there, and return a number. Room that they need besides they take behind that. */

#include <stdint.h>

#define EXPORT(name) __attribute__((export_name(#name)))

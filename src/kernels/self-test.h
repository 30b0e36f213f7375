// Whether kernels work on this processor: before an instruction set is used, a child process, on Windows a thread, trains a few steps with known answers.
#pragma once
#include "kernels.h"

/** False where they crash, hang or answer wrongly. Takes some milliseconds. */
bool selfTest(const Kernels *);

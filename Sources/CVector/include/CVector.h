// Sixteen bytes at a time: SSE2 on x86-64, NEON on arm64, plain C elsewhere.
#pragma once
#include <stdint.h>

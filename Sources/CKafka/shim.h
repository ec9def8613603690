#pragma once
// deploy/librdkafka links the folder beside this file; without it the system's is taken.
#if __has_include("librdkafka/include/librdkafka/rdkafka.h")
#include "librdkafka/include/librdkafka/rdkafka.h"
#else
#include <librdkafka/rdkafka.h>
#endif

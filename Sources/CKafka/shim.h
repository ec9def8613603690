#pragma once
// deploy/librdkafka links the folder beside this file; without it the system's is taken.
#if __has_include("librdkafka/include/librdkafka/rdkafka.h")
#include "librdkafka/include/librdkafka/rdkafka.h"
#else
#include <librdkafka/rdkafka.h>
#endif

// The number of a group's sharing-out that a member took part in; -1 where it is none, or the library
// does not tell.
static inline int32_t leeway_kafka_generation(rd_kafka_t *client) {
#if RD_KAFKA_VERSION >= 0x02080000
  rd_kafka_consumer_group_metadata_t *metadata = rd_kafka_consumer_group_metadata(client);
  if (metadata == NULL) return -1;
  int32_t generation = rd_kafka_consumer_group_metadata_generation_id(metadata);
  rd_kafka_consumer_group_metadata_destroy(metadata);
  return generation;
#else
  (void)client;
  return -1;
#endif
}

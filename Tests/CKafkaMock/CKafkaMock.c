#include "CKafkaMock.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// deploy/librdkafka links the folder; without it the system's is taken.
#if __has_include("../../Sources/CKafka/librdkafka/include/librdkafka/rdkafka.h")
#include "../../Sources/CKafka/librdkafka/include/librdkafka/rdkafka.h"
#include "../../Sources/CKafka/librdkafka/include/librdkafka/rdkafka_mock.h"
#else
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#endif

enum { wait_limit = 10000 };

struct LeewayMock {
  // The producer that the cluster belongs to.
  rd_kafka_t *producer;
  rd_kafka_mock_cluster_t *cluster;
};

static rd_kafka_t *client(rd_kafka_type_t type, const char *name, const char *value) {
  char words[512];
  rd_kafka_conf_t *settings = rd_kafka_conf_new();
  rd_kafka_conf_set_log_cb(settings, NULL);
  if (rd_kafka_conf_set(settings, name, value, words, sizeof words) ||
      rd_kafka_conf_set(settings, "enable.partition.eof", "true", words, sizeof words)) {
    rd_kafka_conf_destroy(settings);
    return NULL;
  }
  rd_kafka_t *made = rd_kafka_new(type, settings, words, sizeof words);
  if (!made) rd_kafka_conf_destroy(settings);
  return made;
}

LeewayMock *leeway_mock_start(int brokers) {
  char count[16];
  snprintf(count, sizeof count, "%d", brokers);
  rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, "test.mock.num.brokers", count);
  if (!producer) return NULL;
  LeewayMock *mock = malloc(sizeof *mock);
  mock->producer = producer;
  mock->cluster = rd_kafka_handle_mock_cluster(producer);
#if RD_KAFKA_VERSION >= 0x020800ff
  rd_kafka_mock_group_initial_rebalance_delay_ms(mock->cluster, 0);
#endif
  return mock;
}

void leeway_mock_stop(LeewayMock *mock) {
  rd_kafka_destroy(mock->producer);
  free(mock);
}

const char *leeway_mock_servers(const LeewayMock *mock) {
  return rd_kafka_mock_cluster_bootstraps(mock->cluster);
}

int leeway_mock_create(LeewayMock *mock, const char *topic, int partitions) {
  return !rd_kafka_mock_topic_create(mock->cluster, topic, partitions, 1);
}

int leeway_mock_lead(LeewayMock *mock, const char *topic, int partition, int broker) {
  return !rd_kafka_mock_partition_set_leader(mock->cluster, topic, partition, broker);
}

int leeway_mock_coordinate(LeewayMock *mock, const char *group, int broker) {
  return !rd_kafka_mock_coordinator_set(mock->cluster, "group", group, broker);
}

int leeway_mock_delay(LeewayMock *mock, int broker, int kind, int milliseconds) {
  return !rd_kafka_mock_broker_push_request_error_rtts(
      mock->cluster, broker, (int16_t)kind, 1, RD_KAFKA_RESP_ERR_NO_ERROR, milliseconds);
}

void leeway_mock_refuse(LeewayMock *mock, int kind, int error, int count) {
  const rd_kafka_resp_err_t named = (rd_kafka_resp_err_t)error;
  for (int index = 0; index < count; index++) {
    rd_kafka_mock_push_request_errors_array(mock->cluster, (int16_t)kind, 1, &named);
  }
}

int leeway_mock_delays(LeewayMock *mock, int broker, int kind) {
  size_t count = 0;
  rd_kafka_mock_broker_error_stack_cnt(mock->cluster, broker, (int16_t)kind, &count);
  return (int)count;
}

int leeway_mock_write(LeewayMock *mock, const char *topic, int partition, const char *value) {
  rd_kafka_topic_t *named = rd_kafka_topic_new(mock->producer, topic, NULL);
  if (!named) return 0;
  const int isRefused = rd_kafka_produce(named, partition, RD_KAFKA_MSG_F_COPY, (void *)value,
                                         strlen(value), NULL, 0, NULL);
  rd_kafka_topic_destroy(named);
  return !isRefused && !rd_kafka_flush(mock->producer, wait_limit);
}

char *leeway_mock_values(LeewayMock *mock, const char *topic, int partition) {
  rd_kafka_t *consumer =
      client(RD_KAFKA_CONSUMER, "bootstrap.servers", leeway_mock_servers(mock));
  if (!consumer) return NULL;
  char *values = NULL;
  size_t length = 0;
  FILE *text = open_memstream(&values, &length);
  rd_kafka_topic_t *named = rd_kafka_topic_new(consumer, topic, NULL);
  int hasEnded = 0;
  if (named && !rd_kafka_consume_start(named, partition, RD_KAFKA_OFFSET_BEGINNING)) {
    rd_kafka_message_t *message;
    while (!hasEnded && (message = rd_kafka_consume(named, partition, wait_limit))) {
      hasEnded = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
      if (!message->err) fprintf(text, "%.*s\n", (int)message->len, (char *)message->payload);
      rd_kafka_message_destroy(message);
    }
    rd_kafka_consume_stop(named, partition);
  }
  fclose(text);
  if (named) rd_kafka_topic_destroy(named);
  rd_kafka_destroy(consumer);
  if (hasEnded) return values;
  free(values);
  return NULL;
}

// Writes lines to a topic of Apache Kafka, and reads them as a consumer that does nothing.
//
//     KafkaBenchmark write SERVERS TOPIC PARTITIONS CODEC FILE   each line of the file is a record
//     KafkaBenchmark read SERVERS TOPIC GROUP RECORDS            reads so many records in a group
//
// Partitions get a line in turn. The consumer has the properties of the product's own.
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { batch_size = 1024 };

static void fail(const char *what, const char *why) {
  fprintf(stderr, "KafkaBenchmark: %s: %s\n", what, why);
  exit(1);
}

static void set(rd_kafka_conf_t *settings, const char *name, const char *value) {
  char words[512];
  if (rd_kafka_conf_set(settings, name, value, words, sizeof words)) fail(name, words);
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *settings) {
  char words[512];
  rd_kafka_t *made = rd_kafka_new(type, settings, words, sizeof words);
  if (!made) fail("client", words);
  return made;
}

static void delivered(rd_kafka_t *producer, const rd_kafka_message_t *message, void *unused) {
  (void)producer, (void)unused;
  if (message->err) fail("a record was not written", rd_kafka_err2str(message->err));
}

static void produce(rd_kafka_t *producer, rd_kafka_topic_t *topic, int32_t partition, void *line,
                    size_t length) {
  while (rd_kafka_produce(topic, partition, RD_KAFKA_MSG_F_COPY, line, length, NULL, 0, NULL)) {
    rd_kafka_resp_err_t error = rd_kafka_last_error();
    if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) fail("produce", rd_kafka_err2str(error));
    rd_kafka_poll(producer, 100);
  }
  rd_kafka_poll(producer, 0);
}

static int write_lines(const char *servers, const char *name, int partitions, const char *codec,
                       const char *path) {
  rd_kafka_conf_t *settings = rd_kafka_conf_new();
  set(settings, "bootstrap.servers", servers);
  set(settings, "enable.idempotence", "true");
  set(settings, "compression.codec", codec);
  set(settings, "linger.ms", "20");
  rd_kafka_conf_set_dr_msg_cb(settings, delivered);
  rd_kafka_t *producer = client(RD_KAFKA_PRODUCER, settings);
  rd_kafka_topic_t *topic = rd_kafka_topic_new(producer, name, NULL);
  FILE *file = fopen(path, "r");
  if (!topic || !file) fail(path, "it cannot be read, or the topic is refused");
  char *line = NULL;
  size_t room = 0;
  ssize_t length;
  for (long count = 0; (length = getline(&line, &room, file)) > 0; count++) {
    if (line[length - 1] == '\n') length--;
    produce(producer, topic, count % partitions, line, length);
  }
  while (rd_kafka_outq_len(producer) > 0) rd_kafka_flush(producer, 1000);
  free(line);
  fclose(file);
  rd_kafka_topic_destroy(topic);
  rd_kafka_destroy(producer);
  return 0;
}

static int read_records(const char *servers, const char *name, const char *group, long records) {
  rd_kafka_conf_t *settings = rd_kafka_conf_new();
  set(settings, "bootstrap.servers", servers);
  set(settings, "group.id", group);
  set(settings, "auto.offset.reset", "earliest");
  set(settings, "enable.auto.commit", "false");
  set(settings, "enable.auto.offset.store", "false");
  set(settings, "queued.max.messages.kbytes", "4096");
  set(settings, "fetch.queue.backoff.ms", "5");
  set(settings, "check.crcs", "true");
  rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, settings);
  rd_kafka_poll_set_consumer(consumer);
  rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(topics, name, RD_KAFKA_PARTITION_UA);
  rd_kafka_resp_err_t error = rd_kafka_subscribe(consumer, topics);
  if (error) fail("subscribe", rd_kafka_err2str(error));
  rd_kafka_topic_partition_list_destroy(topics);
  rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(consumer);
  rd_kafka_message_t *batch[batch_size];
  while (records > 0) {
    ssize_t got = rd_kafka_consume_batch_queue(queue, 5, batch, batch_size);
    for (ssize_t index = 0; index < got; index++) {
      if (!batch[index]->err) records--;
      rd_kafka_message_destroy(batch[index]);
    }
  }
  rd_kafka_queue_destroy(queue);
  rd_kafka_consumer_close(consumer);
  rd_kafka_destroy(consumer);
  return 0;
}

int main(int count, char **words) {
  if (count == 7 && !strcmp(words[1], "write")) {
    return write_lines(words[2], words[3], atoi(words[4]), words[5], words[6]);
  }
  if (count == 6 && !strcmp(words[1], "read")) {
    return read_records(words[2], words[3], words[4], atol(words[5]));
  }
  fputs("KafkaBenchmark write SERVERS TOPIC PARTITIONS CODEC FILE\n"
        "KafkaBenchmark read SERVERS TOPIC GROUP RECORDS\n",
        stderr);
  return 64;
}

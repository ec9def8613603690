// What RocksDB alone takes for a join: a put of each prediction, a get at its outcome, a delete when
// its time is up, one key at a time, with the options of the product's store.
//
//     RocksBenchmark join PREDICTIONS WAITING FOLDER BYTES   prints the seconds of CPU of all threads
//     RocksBenchmark lines PREDICTIONS WAITING               prints the same as lines for leeway
//
// A prediction comes every ten milliseconds, and as many as WAITING wait at a time. Behind each but
// the first of them comes the outcome of one that waits, which a hash chooses. BYTES is the length of
// a row.
#include <rocksdb/c.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

static uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9ull;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebull;
  return value ^ (value >> 31);
}

static void fill_key(uint64_t number, char *key) {
  const uint64_t halves[2] = {mix(number + 1), mix(~number)};
  memcpy(key, halves, 16);
}

static void check(char *error) {
  if (!error) return;
  fprintf(stderr, "rocksdb: %s\n", error);
  exit(1);
}

static rocksdb_options_t *options(void) {
  rocksdb_options_t *options = rocksdb_options_create();
  rocksdb_options_set_create_if_missing(options, 1);
  rocksdb_options_set_write_buffer_size(options, 16 << 20);
  rocksdb_options_set_max_write_buffer_number(options, 2);
  rocksdb_options_set_max_background_jobs(options, 2);
  rocksdb_options_set_compression(options, rocksdb_lz4_compression);
  rocksdb_block_based_table_options_t *tables = rocksdb_block_based_options_create();
  rocksdb_block_based_options_set_block_cache(tables, rocksdb_cache_create_lru(32 << 20));
  rocksdb_block_based_options_set_filter_policy(tables, rocksdb_filterpolicy_create_bloom(10));
  rocksdb_block_based_options_set_cache_index_and_filter_blocks(tables, 1);
  rocksdb_options_set_block_based_table_factory(options, tables);
  return options;
}

static uint64_t chosen(uint64_t number, uint64_t waiting) {
  return number - waiting + 1 + mix(number) % (waiting - 1);
}

static int write_lines(uint64_t predictions, uint64_t waiting) {
  for (uint64_t number = 0; number < predictions; number++) {
    const uint64_t time = 1767225600000ull + 10 * number;
    printf("{\"kind\":\"p\",\"id\":\"p%" PRIu64 "\",\"ts\":%" PRIu64 ",\"s\":0.%03u,\"d\":%u}\n", number,
           time, (unsigned)(mix(number) % 1000), (unsigned)(mix(number) % 2));
    if (number < waiting) continue;
    printf("{\"kind\":\"o\",\"id\":\"p%" PRIu64 "\",\"ts\":%" PRIu64 ",\"y\":%u}\n",
           chosen(number, waiting), time, (unsigned)(mix(~number) % 2));
  }
  return 0;
}

static int join(uint64_t predictions, uint64_t waiting, const char *folder, size_t bytes) {
  char *error = NULL;
  rocksdb_t *store = rocksdb_open(options(), folder, &error);
  check(error);
  rocksdb_readoptions_t *reading = rocksdb_readoptions_create();
  rocksdb_writeoptions_t *writing = rocksdb_writeoptions_create();
  rocksdb_writeoptions_disable_WAL(writing, 1);
  char key[16], *row = malloc(bytes);
  uint64_t found = 0;
  for (uint64_t number = 0; number < predictions; number++) {
    fill_key(number, key);
    for (size_t place = 0; place < bytes; place++) {
      row[place] = (char)(mix(number * bytes + place / 8) >> 8 * (place % 8));
    }
    rocksdb_put(store, writing, key, 16, row, bytes, &error);
    check(error);
    if (number < waiting) continue;
    size_t length;
    fill_key(chosen(number, waiting), key);
    char *kept = rocksdb_get(store, reading, key, 16, &length, &error);
    check(error);
    if (kept) found++;
    rocksdb_free(kept);
    fill_key(number - waiting, key);
    rocksdb_delete(store, writing, key, 16, &error);
    check(error);
  }
  rocksdb_close(store);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  const double seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec +
                         (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
  printf("%.2f\n", seconds);
  return found == predictions - waiting ? 0 : 1;
}

int main(int count, char **words) {
  const uint64_t predictions = count > 2 ? strtoull(words[2], NULL, 10) : 0;
  const uint64_t waiting = count > 3 ? strtoull(words[3], NULL, 10) : 0;
  if (waiting > 1 && count == 4 && !strcmp(words[1], "lines")) {
    return write_lines(predictions, waiting);
  }
  if (waiting > 1 && count == 6 && !strcmp(words[1], "join")) {
    return join(predictions, waiting, words[4], strtoull(words[5], NULL, 10));
  }
  fprintf(stderr, "usage: %s join|lines PREDICTIONS WAITING [FOLDER BYTES]\n", words[0]);
  return 64;
}

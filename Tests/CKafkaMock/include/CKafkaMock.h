#pragma once
#include <stddef.h>

// A cluster of librdkafka's own mock brokers in this process, for what a real broker will not do on
// command. Other processes reach it by its addresses. It keeps a record twice that an idempotent
// producer writes again, where Kafka would keep it once.
typedef struct LeewayMock LeewayMock;

// Starts so many brokers, numbered from 1; NULL where the library cannot.
LeewayMock *leeway_mock_start(int brokers);
void leeway_mock_stop(LeewayMock *mock);
// HOST:PORT of each broker, with commas between.
const char *leeway_mock_servers(const LeewayMock *mock);

// Makes a topic; whether it was made.
int leeway_mock_create(LeewayMock *mock, const char *topic, int partitions);
// Makes a broker the leader of a partition, or the coordinator of a group; whether it is.
int leeway_mock_lead(LeewayMock *mock, const char *topic, int partition, int broker);
int leeway_mock_coordinate(LeewayMock *mock, const char *group, int broker);

// The requests of a kind (Kafka's number of it) to a broker that come next are done, and answered
// after so many milliseconds; whether it will be so.
int leeway_mock_delay(LeewayMock *mock, int broker, int kind, int milliseconds);
// So many requests of a kind that come next, to whichever broker, are refused with an error of Kafka.
void leeway_mock_refuse(LeewayMock *mock, int kind, int error, int count);
// How many requests of a kind to a broker are to be delayed still.
int leeway_mock_delays(LeewayMock *mock, int broker, int kind);

// Writes a record; whether it is there.
int leeway_mock_write(LeewayMock *mock, const char *topic, int partition, const char *value);
// The values of a partition, a line each; to be freed. NULL where they cannot be read.
char *leeway_mock_values(LeewayMock *mock, const char *topic, int partition);

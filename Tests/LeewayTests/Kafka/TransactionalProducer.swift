import CKafka
import Foundation
import Glibc

/// Writes to a topic in transactions, as Kafka's clients do.
@safe final class TransactionalProducer {
  private let client: OpaquePointer
  private let topic: OpaquePointer

  /// How long a broker is waited for, in milliseconds: one that has just begun takes seconds for its
  /// first transaction.
  private static let patience: Int32 = 60_000

  /// Takes the name over from whoever had it, and ends what that had open.
  ///
  /// - Parameters:
  ///   - name: The transactional id.
  ///   - topic: Where it writes.
  ///   - broker: The cluster.
  /// - Throws: `TransactionFailure`.
  init(_ name: String, to topic: String, at broker: KafkaBroker) throws {
    let settings = unsafe rd_kafka_conf_new()
    for (key, value) in [
      ("bootstrap.servers", broker.addresses["plaintext"] ?? ""), ("transactional.id", name),
      ("transaction.timeout.ms", "120000"), ("linger.ms", "5"),
    ] {
      unsafe rd_kafka_conf_set(settings, key, value, nil, 0)
    }
    unsafe rd_kafka_conf_set_log_cb(settings, nil)
    guard let made = unsafe rd_kafka_new(RD_KAFKA_PRODUCER, settings, nil, 0),
      let named = unsafe rd_kafka_topic_new(made, topic, nil)
    else { throw TransactionFailure(code: "new") }
    unsafe (client, self.topic) = (made, named)
    try unsafe Self.check(rd_kafka_init_transactions(client, Self.patience))
  }

  deinit {
    unsafe rd_kafka_topic_destroy(topic)
    unsafe rd_kafka_destroy(client)
  }

  /// Begins a transaction.
  func begin() throws { try unsafe Self.check(rd_kafka_begin_transaction(client)) }

  /// Writes lines, a record each, and waits until they are in the log.
  ///
  /// - Parameters:
  ///   - lines: The values.
  ///   - partition: Where.
  /// - Throws: `TransactionFailure` where one is not taken.
  func write(_ lines: [String], to partition: Int32 = 0) throws {
    for line in lines {
      var bytes = Array(line.utf8)
      let taken = unsafe rd_kafka_produce(
        topic,
        partition,
        RD_KAFKA_MSG_F_COPY,
        &bytes,
        bytes.count,
        nil,
        0,
        nil
      )
      if taken != 0 { throw TransactionFailure(rd_kafka_last_error()) }
    }
    let error = unsafe rd_kafka_flush(client, Self.patience)
    if error != RD_KAFKA_RESP_ERR_NO_ERROR { throw TransactionFailure(error) }
  }

  /// Ends the transaction: what was written is to be read.
  func commit() throws {
    try unsafe Self.check(rd_kafka_commit_transaction(client, Self.patience))
  }

  /// Ends the transaction: what was written is to be read by nobody.
  func abort() throws {
    try unsafe Self.check(rd_kafka_abort_transaction(client, Self.patience))
  }

  private static func check(_ error: OpaquePointer?) throws {
    guard let error = unsafe error else { return }
    defer { unsafe rd_kafka_error_destroy(error) }
    throw TransactionFailure(unsafe rd_kafka_error_code(error))
  }
}

/// What a transaction could not do, by the library's name of it.
struct TransactionFailure: Error {
  let code: String

  init(code: String) { self.code = code }

  init(_ error: rd_kafka_resp_err_t) {
    code = unsafe rd_kafka_err2name(error).map { unsafe String(cString: $0) } ?? "\(error)"
  }
}

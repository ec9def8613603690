internal import CKafka

/// The librdkafka that is linked, and what its version cannot do.
package struct KafkaLibrary: Sendable, Equatable {
  /// The version as the library numbers itself: `0x020800ff` is 2.8.0.
  private let number: Int

  /// A version by its number.
  package init(number: Int) { self.number = number }

  /// The one that is linked.
  package static var linked: KafkaLibrary { KafkaLibrary(number: Int(rd_kafka_version())) }

  /// Its version in words: `2.8.0`.
  package var version: String {
    "\(number >> 24).\((number >> 16) & 0xff).\((number >> 8) & 0xff)"
  }

  /// What older versions cannot do.
  package enum Feature: CaseIterable, Sendable {
    /// A login by SCRAM: the client's nonce was sent twice, which Kafka 4 refuses.
    case scram
    /// The number of a group's sharing-out, by which members of a fleet tell whose word counts.
    case generation
    /// A full queue that is fetched into again at once, and not after a second
    /// (`fetch.queue.backoff.ms`).
    case smallQueues

    /// The first version that can do it.
    fileprivate var first: KafkaLibrary {
      switch self {
      case .scram: KafkaLibrary(number: 0x0206_01ff)
      case .generation: KafkaLibrary(number: 0x0208_00ff)
      case .smallQueues: KafkaLibrary(number: 0x0202_00ff)
      }
    }

    fileprivate var lack: String {
      switch self {
      case .scram: "it cannot log in by SCRAM to Kafka 4"
      case .generation:
        "it does not number how a group shares out its partitions, by which the members of a fleet "
          + "tell whose word counts"
      case .smallQueues:
        "it stops for a second when what it has fetched of a partition is enough: up to "
          + "\(KafkaConsumer.oldPrefetchLimit >> 20) MiB of each are fetched ahead, and not "
          + "\(KafkaConsumer.prefetchLimit >> 20)"
      }
    }
  }

  /// Whether it can do something.
  package func has(_ feature: Feature) -> Bool { number >= feature.first.number }

  /// Why it cannot do something, with what to do; `nil` where it can.
  package func lack(of feature: Feature) -> String? {
    guard !has(feature) else { return nil }
    return "librdkafka \(version) is linked: \(feature.lack): link \(feature.first.version) or a "
      + "newer one, as deploy/librdkafka makes it"
  }

  /// How much is fetched ahead: as little as it can without stopping.
  var fetching: [String: String] {
    guard has(.smallQueues) else {
      return [
        "queued.max.messages.kbytes": "\(KafkaConsumer.oldPrefetchLimit >> 10)",
        "queued.min.messages": "1000000",
      ]
    }
    return [
      "queued.max.messages.kbytes": "\(KafkaConsumer.prefetchLimit >> 10)",
      "fetch.queue.backoff.ms": "5",
    ]
  }

  /// Why the library that is linked does not take a property.
  ///
  /// - Parameters:
  ///   - property: Its name.
  ///   - value: What it is to be.
  /// - Returns: The library's own words and its version; `nil` where it takes it.
  package static func refusal(of property: String, _ value: String) -> String? {
    guard let settings = unsafe rd_kafka_conf_new() else { return nil }
    defer { unsafe rd_kafka_conf_destroy(settings) }
    var words = [CChar](repeating: 0, count: 512)
    let answer = unsafe rd_kafka_conf_set(settings, property, value, &words, words.count)
    return answer == RD_KAFKA_CONF_OK ? nil : "\(text(words)) (librdkafka \(linked.version))"
  }
}

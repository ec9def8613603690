internal import CKafka
internal import Records

/// What a record has beside its value, and the members of its object in which that is shown.
///
/// Each is the name of a member, or `nil`: then it is not shown. The names of the keys in an agent file
/// are those of Vector's Kafka source.
public struct RecordMembers: Sendable, Equatable {
  /// The key, as text; null where there is none, or where it is no text.
  public var key: String?
  /// The headers, as an object of texts; of several of one name the last.
  public var headers: String?
  /// The topic.
  public var topic: String?
  /// The partition's number.
  public var partition: String?
  /// The record's offset.
  public var offset: String?
  /// The record's time, in milliseconds since 1970; null where it has none.
  public var timestamp: String?

  /// Nothing is shown.
  public init() {}

  /// Whether nothing is shown.
  public var isEmpty: Bool { names.isEmpty }

  /// The names that are given, in the order of the properties.
  public var names: [String] {
    [key, headers, topic, partition, offset, timestamp].compactMap(\.self)
  }

  /// Writes the members of a record, as the beginning of an object that others follow.
  ///
  /// - Parameters:
  ///   - message: The record.
  ///   - place: Its topic and partition.
  ///   - json: Receives them; what it held is forgotten.
  func write(
    _ message: UnsafeMutablePointer<rd_kafka_message_t>,
    from place: (topic: String, partition: Int32),
    to json: inout JSONWriter
  ) {
    json.removeAll()
    json.beginObject()
    if let key {
      json.name(key)
      Self.write(unsafe Self.text(message.pointee.key, message.pointee.key_len), to: &json)
    }
    if let headers {
      json.name(headers)
      unsafe Self.write(headersOf: message, to: &json)
    }
    if let topic { json.member(topic, place.topic) }
    if let partition { json.member(partition, Int(place.partition)) }
    if let offset { json.member(offset, unsafe Int(message.pointee.offset)) }
    if let timestamp {
      var kind = RD_KAFKA_TIMESTAMP_NOT_AVAILABLE
      let time = unsafe rd_kafka_message_timestamp(message, &kind)
      json.name(timestamp)
      if kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || time < 0 {
        json.value(nil as Double?)
      } else {
        json.value(Int(time))
      }
    }
  }

  private static func write(_ text: String?, to json: inout JSONWriter) {
    if let text { json.value(text) } else { json.value(nil as Double?) }
  }

  /// Bytes as text; `nil` where they are none.
  private static func text(_ start: UnsafeRawPointer?, _ count: Int) -> String? {
    guard let start = unsafe start else { return nil }
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    return unsafe String(validating: bytes, as: UTF8.self)
  }

  private static func write(
    headersOf message: UnsafeMutablePointer<rd_kafka_message_t>,
    to json: inout JSONWriter
  ) {
    json.beginObject()
    defer { json.endObject() }
    var list: OpaquePointer?
    let error = unsafe rd_kafka_message_headers(message, &list)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let headers = unsafe list else { return }
    var found: [(name: String, value: String?)] = []
    var name: UnsafePointer<CChar>?
    var value: UnsafeRawPointer?
    var size = 0
    while unsafe rd_kafka_header_get_all(headers, found.count, &name, &value, &size)
      == RD_KAFKA_RESP_ERR_NO_ERROR
    {
      guard let start = unsafe name else { break }
      found.append(unsafe (String(cString: start), text(value, size)))
    }
    for (place, header) in found.enumerated()
    where !found[(place + 1)...].contains(where: { $0.name == header.name }) {
      json.name(header.name)
      write(header.value, to: &json)
    }
  }
}

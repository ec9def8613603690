/// A member of an object that the decoder knows: a key and what is to be done with its value.
///
/// `next` stands first, as in ``Node``, so that "what came after" is one kind of pointer for both.
/// A key within 16 bytes is compared in one step, one within 32 in two:
///
/// ```
///  0        8                                  40        44         48      52    56      64
/// ┌────────┬──────────────────────────────────┬─────────┬──────────┬───────┬─────┬───────┐
/// │ next   │ a m o u n t " : 0 0 0 …  32 bytes │ ignored │ ignored  │ bytes │ want│ cell  │
/// └────────┴──────────────────────────────────┴─────────┴──────────┴───────┴─────┴───────┘
/// ```
///
/// Its 14 properties are one block for the sake of the cache: the first seven fill the line that is
/// enough where the expected key comes, and the others stand behind it.
@unsafe
struct Member {
  /// The member that followed last time: the one to compare with first.
  var next: UnsafeMutablePointer<Member>
  /// The first 32 bytes of the key with its closing quote and colon, then zeros.
  var key: (UInt64, UInt64, UInt64, UInt64)
  /// Bit i is set when byte i of the first 16 is not the key's.
  ///
  /// ``never`` matches nothing.
  var ignoredLow: UInt32
  /// The same for the second 16 bytes.
  var ignoredHigh: UInt32
  /// The number of bytes of the key with its closing quote and colon.
  var keyLength: UInt32
  /// What is done with the value.
  var want: Want
  /// The first cell of the member's column, from the start of the cells; negative without one.
  var column: Int

  /// What a scalar wants, where `want` says that more than a scalar is wanted.
  var scalarWant: Want
  /// The column that takes the token where `want` is ``Want/valueAndToken``.
  var tokenColumn: Int
  /// The object below, where `want` is ``Want/object``.
  var child: UnsafeMutablePointer<Node>?
  /// The object that this is a member of.
  var node: UnsafeMutablePointer<Node>
  /// The bytes of a key beyond the first 32, with quote and colon; `nil` for shorter ones.
  var rest: UnsafePointer<UInt8>?
  /// The slots, −1 for none: `column` and `tokenColumn` are made of them and the columns' stride.
  var slot: Int
  var tokenSlot: Int

  /// A member that wants nothing and matches no key yet.
  init(in node: UnsafeMutablePointer<Node>, next: UnsafeMutablePointer<Member>) {
    unsafe self.node = node
    unsafe self.next = next
    unsafe key = (0, 0, 0, 0)
    unsafe ignoredLow = Member.never
    unsafe ignoredHigh = 0
    unsafe keyLength = 0
    unsafe want = .nothing
    unsafe column = -1
    unsafe scalarWant = .nothing
    unsafe tokenColumn = -1
    unsafe child = nil
    unsafe rest = nil
    unsafe slot = -1
    unsafe tokenSlot = -1
  }

  /// Sets the key.
  ///
  /// - Parameters:
  ///   - spelled: The key with its closing quote and colon.
  ///   - rest: Its bytes beyond the first 32.
  ///   - isSpelled: Whether the key stands in a line like that; else it is only found by aliases.
  mutating func setKey(_ spelled: [UInt8], rest: UnsafePointer<UInt8>?, isSpelled: Bool) {
    var words: [UInt64] = [0, 0, 0, 0]
    for (index, byte) in spelled.prefix(32).enumerated() {
      words[index / 8] |= UInt64(byte) << UInt64(8 * (index % 8))
    }
    unsafe key = (
      words[0].littleEndian, words[1].littleEndian, words[2].littleEndian, words[3].littleEndian
    )
    let used = spelled.count >= 32 ? UInt32.max : (1 << UInt32(spelled.count)) - 1
    unsafe ignoredLow = isSpelled ? ~used & 0xFFFF : Member.never
    unsafe ignoredHigh = ~used >> 16
    unsafe keyLength = UInt32(spelled.count)
    unsafe self.rest = rest
  }

  /// Where the key stands in the member.
  static var keyOffset: Int { 8 }
  /// An `ignoredLow` that no comparison of 16 bits can fill up.
  static var never: UInt32 { 1 << 16 }
}

/// What is done with the value of a member.
///
/// The first three are the ordinary ones, which the loop over members does itself.
enum Want: UInt32 {
  /// A number as a double, a string as a reference, a boolean as a special.
  case value
  /// A scalar as a reference.
  case token
  /// Nothing, but the value must be right.
  case nothing
  /// Both forms, in two columns.
  case valueAndToken
  /// Members of the object below.
  case object
  /// Its path, once, if it is a scalar; its members' paths, if it is an object.
  case discovery
}

/// An object in which members are wanted: the event itself or one below it.
///
/// Its 13 properties are one block at a fixed address, which the loops reach from member to member
/// by one pointer.
@unsafe
struct Node {
  /// The member that came first last time.
  var first: UnsafeMutablePointer<Member>
  /// Stands for every key that is not remembered; it matches none.
  var anonymous: UnsafeMutablePointer<Member>
  /// The member whose value this object is; `nil` for the event.
  var owner: UnsafeMutablePointer<Member>?
  /// The line in which it was last met, to notice a key that comes twice.
  var line: UInt64
  /// The number of the node, which is hashed with its keys.
  var number: UInt32
  /// How deep it is; the event is 1.
  var depth: Int
  /// Whether unknown members are reported.
  var discovers: Bool
  /// The slots of everything in it, which are wiped when its key comes twice.
  var slots: UnsafeMutablePointer<Int>
  var slotCount: Int
  /// The members whose keys are numbers, by number: what is wanted where an array or a string with
  /// commas stands in the object's place.
  var elements: UnsafeMutablePointer<Element>
  var elementCount = 0
  var elementCapacity = 0
  /// Whether unknown elements are reported: a wildcard names this very place.
  var discoversElements = false

  /// Whether anything of an array or of a string with commas is wanted.
  var wantsElements: Bool {
    unsafe elementCount > 0 || discoversElements
  }
}

/// A member as the element of an array or as the part of a string between commas.
@unsafe
struct Element {
  /// Its place, from 0.
  var index: Int
  var member: UnsafeMutablePointer<Member>
}

/// The link to learn: the `next` of a member or the `first` of a node.
typealias Link = UnsafeMutablePointer<UnsafeMutablePointer<Member>>

/// An entry of the hash table from a node and a key, as it is spelled, to a member.
@unsafe
struct KeyEntry {
  /// The first 16 bytes of the key, then zeros.
  var low: UInt64
  var high: UInt64
  /// The node's number in the upper, the key's length in the lower half.
  var tag: UInt64
  /// The bytes of the key beyond the first 16.
  var rest: UnsafePointer<UInt8>?
  /// The member; `nil` in an empty entry.
  var member: UnsafeMutablePointer<Member>?
  /// The hash, to move the entry when the table grows.
  var hash: UInt64
}

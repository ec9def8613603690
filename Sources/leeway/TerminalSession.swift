import Glibc
import Standing
import Terminal

/// A terminal in the hands of this process: the alternate screen, no cursor, keys one by one.
///
/// It is given back when `leave` is called, which every way out of the command does.
struct TerminalSession: ~Copyable {
  /// Where keys come from; readable when one was pressed.
  let keys: Int32
  private let ownsKeys: Bool
  private let before: termios
  private var shown: [UInt8] = []
  private var size = (columns: 80, rows: 24)
  private let style: Frame.Style

  /// Takes the terminal of standard output.
  ///
  /// Keys are read from the controlling terminal, so that standard input may be a stream.
  ///
  /// - Returns: `nil` when standard output is no terminal, or no keys can be read.
  static func take(environment: [String: String]) -> TerminalSession? {
    guard isatty(STDOUT_FILENO) == 1 else { return nil }
    let opened = unsafe open("/dev/tty", O_RDONLY | O_CLOEXEC)
    guard opened >= 0 || isatty(STDIN_FILENO) == 1 else { return nil }
    let keys = opened >= 0 ? opened : STDIN_FILENO
    var before = termios()
    guard unsafe tcgetattr(keys, &before) == 0 else { return nil }
    var raw = before
    raw.c_iflag &= ~tcflag_t(ICRNL | IXON | INLCR | IGNCR)
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
    unsafe withUnsafeMutableBytes(of: &raw.c_cc) { characters in
      unsafe characters[Int(VMIN)] = 0
      unsafe characters[Int(VTIME)] = 0
    }
    guard unsafe tcsetattr(keys, TCSAFLUSH, &raw) == 0 else { return nil }
    // A handler that does nothing, so that a wait ends when the window changes its size.
    var action = sigaction()
    unsafe action.__sigaction_handler.sa_handler = { _ in }
    unsafe sigaction(SIGWINCH, &action, nil)
    write(Frame.entering)
    return TerminalSession(
      keys: keys,
      ownsKeys: opened >= 0,
      before: before,
      style: Frame.Style(environment: environment)
    )
  }

  private init(keys: Int32, ownsKeys: Bool, before: termios, style: Frame.Style) {
    self.keys = keys
    self.ownsKeys = ownsKeys
    self.before = before
    self.style = style
  }

  /// Gives the terminal back as it was.
  consuming func leave() {
    Self.write(Frame.leaving)
    var settings = before
    _ = unsafe tcsetattr(keys, TCSAFLUSH, &settings)
    if ownsKeys { close(keys) }
  }

  /// The keys that were pressed; `quit` when the terminal is gone.
  func pressed() -> [Key] {
    var request = pollfd(fd: keys, events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&request, 1, 0) > 0 else { return [] }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe read(keys, $0.baseAddress, $0.count)
    }
    if count > 0 { return Key.keys(Array(bytes.prefix(count))) }
    let isHungUp = request.revents & Int16(POLLHUP | POLLERR | POLLNVAL) != 0
    return isHungUp || count < 0 && errno == EIO ? [.quit] : []
  }

  /// Draws a snapshot where it changes what is shown.
  mutating func show(_ snapshot: Snapshot?, _ state: ScreenState, _ feed: Feed) {
    var window = winsize()
    if unsafe ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0 {
      let now = (columns: Int(window.ws_col), rows: Int(window.ws_row))
      if now != size {
        size = now
        shown = []
      }
    }
    let screen = Screen(snapshot, state, feed, columns: size.columns, rows: size.rows)
    let bytes = Frame.bytes(screen, style)
    guard bytes != shown else { return }
    shown = bytes
    Self.write(bytes)
  }

  private static func write(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
      }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return
      }
    }
  }
}

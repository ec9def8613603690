public import Foundation

/// One page in a browser.
public final class BrowserPage {
  /// How it is looked at.
  public struct View: Sendable, CustomStringConvertible {
    /// The window's width in CSS pixels.
    public var width: Int
    /// Whether people asked their system for dark colours.
    public var isDark: Bool

    /// A window.
    public init(width: Int, isDark: Bool) {
      self.width = width
      self.isDark = isDark
    }

    /// Width and colours in words.
    public var description: String { "\(width) pixels, \(isDark ? "dark" : "light")" }
  }

  private let browser: Chromium
  private let session: String

  /// Opens a file and waits until it is loaded and drawn.
  public init(_ browser: Chromium, file: String, _ view: View) throws {
    self.browser = browser
    let target = try browser.call("Target.createTarget", ["url": "about:blank"])["targetId"]
    let attached = try browser.call(
      "Target.attachToTarget",
      ["targetId": target ?? "", "flatten": true]
    )
    session = attached["sessionId"] as? String ?? ""
    for domain in ["Page", "Runtime", "Log", "Network"] {
      _ = try browser.call("\(domain).enable", session: session)
    }
    try show(view)
    _ = try browser.call("Page.navigate", ["url": "file://\(file)"], session: session)
    try browser.wait(for: "Page.loadEventFired", session: session)
    try settle()
  }

  /// Changes the window and the colours.
  public func show(_ view: View) throws {
    _ = try browser.call(
      "Emulation.setDeviceMetricsOverride",
      ["width": view.width, "height": 900, "deviceScaleFactor": 1, "mobile": false],
      session: session
    )
    let scheme = ["name": "prefers-color-scheme", "value": view.isDark ? "dark" : "light"]
    _ = try browser.call("Emulation.setEmulatedMedia", ["features": [scheme]], session: session)
    try settle()
  }

  /// Waits until what was changed is drawn.
  public func settle() throws {
    _ = try evaluate(
      "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))"
    )
  }

  /// The value of an expression, as JSON values; a promise is waited for.
  public func evaluate(_ expression: String) throws -> Any? {
    let answer = try browser.call(
      "Runtime.evaluate",
      ["expression": expression, "returnByValue": true, "awaitPromise": true],
      session: session
    )
    if let exception = answer["exceptionDetails"] {
      throw Chromium.Failure(description: "\(expression.prefix(80)): \(exception)")
    }
    return (answer["result"] as? [String: Any])?["value"]
  }

  /// What `checkPage()` of checks.js finds.
  public func problems() throws -> [String] {
    let found = try evaluate("\(Chromium.checks());checkPage()")
    guard let problems = found as? [String] else {
      throw Chromium.Failure(description: "checkPage() says \(String(describing: found))")
    }
    return problems
  }

  /// Presses and releases a key, by its name in DOM events.
  public func press(_ key: String) throws {
    let codes = [
      "Tab": 9, "End": 35, "Home": 36, "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39,
      "ArrowDown": 40,
    ]
    for type in ["keyDown", "keyUp"] {
      _ = try browser.call(
        "Input.dispatchKeyEvent",
        ["type": type, "key": key, "code": key, "windowsVirtualKeyCode": codes[key] ?? 0],
        session: session
      )
    }
    try settle()
  }

  /// The page as paper: a PDF.
  public func printed() throws -> Data {
    let answer = try browser.call("Page.printToPDF", ["printBackground": true], session: session)
    return Data(base64Encoded: answer["data"] as? String ?? "") ?? Data()
  }

  /// What the page complained of: exceptions, console messages, log entries such as violations of
  /// its own policy.
  public func complaints() -> [String] {
    browser.events(session: session).compactMap { event in
      switch event.method {
      case "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded":
        "\(event.method): \(event.parameters)"
      default: nil
      }
    }
  }

  /// What the page asked for.
  public func requests() -> [String] {
    browser.events(session: session).compactMap { event in
      guard event.method == "Network.requestWillBeSent" else { return nil }
      return (event.parameters["request"] as? [String: Any])?["url"] as? String
    }
  }
}

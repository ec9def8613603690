internal import Events

/// Names that fields with personal data have.
enum PersonalNames {
  /// Why a field is taken for personal data by its name, or `nil`.
  static func reason(_ name: FieldName) -> String? {
    for (reason, names) in kinds where name.has(names) && !name.has(exceptions) {
      return reason == personName && isNameOfThing(name) ? nil : reason
    }
    return nil
  }

  /// Whether a field called `name` stands under the machine, file or logger that it names.
  private static func isNameOfThing(_ name: FieldName) -> Bool {
    guard name.words.contains("name") || name.isOne(of: ["name"]) else { return false }
    let above = name.context.last { !$0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    return above.map(things.contains) ?? false
  }

  /// The same of a column's name.
  static func reason(of column: String) -> String? { reason(FieldName(FieldPath([column]))) }

  /// Words that make another thing of such a name: `name_length`, `email_domain_age`.
  private static let exceptions: Set<String> = [
    "length", "count", "hash", "hashed", "age", "score", "flag", "verified", "present", "valid",
    "has", "is", "num", "number_of", "days", "match", "model", "feature", "class", "file",
    "service",
    "inferenceservicename", "namespace", "hostname", "country", "region", "type", "kind", "product",
    "event", "tool", "app", "application", "function", "column", "table", "bucket", "mac", "wallet",
    "merchant", "company", "store", "shop", "channel", "campaign", "device", "os", "browser",
    "plan",
    "tier", "currency", "state", "status", "pod", "container", "node", "host", "thread", "process",
    "logger", "log", "signature", "component", "level", "severity", "module", "job", "task",
    "queue", "topic", "tensor", "cluster", "deployment", "image", "dataset", "experiment",
    "pipeline",
    "metric", "label", "field", "server", "endpoint", "operation", "span", "resource", "method",
    "route", "scope", "attribute", "parameter", "schema", "database", "index", "stage", "step",
    "role", "group", "category", "brand",
  ]

  /// Objects whose `name` is that of no person.
  private static let things: Set<String> = [
    "record", "level", "file", "process", "thread", "logger", "log", "model", "pod", "container",
    "node", "host", "service", "resource", "scope", "span", "inputs", "outputs", "tensor",
    "tensors", "parameters", "cluster", "deployment", "image", "function", "operation", "server",
    "module", "job", "task", "pipeline", "dataset", "experiment", "metric", "event", "app",
    "application", "sdk", "browser", "os", "device", "region", "country", "product",
  ]

  private static let personName = "a person's name"

  /// Words in English, German, French, Spanish, Italian, Portuguese, Dutch and Polish.
  private static let kinds: [(String, Set<String>)] = [
    ("an e-mail address", ["email", "mail", "emailaddress", "correo", "courriel"]),
    (
      "a telephone number",
      [
        "phone", "telephone", "mobile", "msisdn", "telefon", "telefono", "telefone", "telefoon",
        "handy", "celular", "fax",
      ]
    ),
    (
      personName,
      [
        "name", "firstname", "lastname", "surname", "fullname", "username", "middlename",
        "givenname", "familyname", "maidenname", "nachname", "vorname", "nom", "prenom", "nombre",
        "apellido", "apellidos", "cognome", "nome", "sobrenome", "voornaam", "achternaam", "imie",
        "nazwisko", "cardholder",
      ]
    ),
    (
      "an address",
      [
        "address", "street", "addressline", "streetaddress", "adresse", "strasse", "rue",
        "direccion", "calle", "indirizzo", "endereco", "rua", "adres", "straat", "ulica",
        "postcode", "postalcode", "zipcode", "zip", "plz", "codepostal",
      ]
    ),
    (
      "a date of birth",
      [
        "birth", "birthday", "birthdate", "dob", "dateofbirth", "geburtsdatum", "geburtstag",
        "naissance", "nacimiento", "nascita", "nascimento", "geboortedatum", "urodzenia",
      ]
    ),
    (
      "an identity number",
      [
        "ssn", "socialsecurity", "passport", "nationalid", "idcard", "taxid", "steuernummer",
        "steuerid", "dni", "nif", "cpf", "bsn", "pesel", "codicefiscale", "nino", "aadhaar",
        "driverlicense", "personalausweis", "reisepass", "insee",
      ]
    ),
    (
      "an account or a card",
      [
        "iban", "bic", "accountnumber", "cardnumber", "creditcard", "pan", "cvv", "cvc",
        "kontonummer",
        "rekeningnummer",
      ]
    ),
    (
      "an internet address or a device",
      [
        "ip", "ipaddress", "ipv4", "ipv6", "clientip", "remoteaddr", "remoteip", "xforwardedfor",
        "macaddress", "imei", "imsi", "idfa", "gaid", "advertisingid", "deviceid", "fingerprint",
      ]
    ),
    ("a secret", ["password", "passwd", "secret", "token", "apikey", "authorization", "cookie"]),
    ("a place", ["geolocation", "gps"]),
  ]
}

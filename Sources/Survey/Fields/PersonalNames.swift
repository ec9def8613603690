internal import Events

/// Names that fields with personal data have.
enum PersonalNames {
  /// Why a field is taken for personal data by its name, or `nil`.
  static func reason(_ name: FieldName) -> String? {
    for (reason, names) in kinds where name.has(names) && !name.has(exceptions) {
      return reason
    }
    return nil
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
    "tier", "currency", "state", "status",
  ]

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
      "a person's name",
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

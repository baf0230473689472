"""The packages of Go's standard library that declarations may mention, by the name that code calls them."""

from collections.abc import Mapping

PATHS = frozenset(
    """
    archive/tar archive/zip bufio bytes cmp compress/bzip2 compress/flate compress/gzip compress/lzw compress/zlib
    container/heap container/list container/ring context crypto crypto/aes crypto/cipher crypto/des crypto/ecdh
    crypto/ecdsa crypto/ed25519 crypto/elliptic crypto/hmac crypto/md5 crypto/rand crypto/rc4 crypto/rsa crypto/sha1
    crypto/sha256 crypto/sha512 crypto/subtle crypto/tls crypto/x509 crypto/x509/pkix database/sql
    database/sql/driver debug/buildinfo embed encoding encoding/ascii85 encoding/asn1 encoding/base32 encoding/base64
    encoding/binary encoding/csv encoding/gob encoding/hex encoding/json encoding/pem encoding/xml errors expvar flag
    fmt go/ast go/build go/constant go/doc go/format go/importer go/parser go/printer go/scanner go/token go/types
    go/version hash hash/adler32 hash/crc32 hash/crc64 hash/fnv hash/maphash html html/template image image/color
    image/draw image/gif image/jpeg image/png index/suffixarray io io/fs iter log log/slog log/syslog maps math
    math/big math/bits math/cmplx math/rand math/rand/v2 mime mime/multipart mime/quotedprintable net net/http
    net/http/cookiejar net/http/httptest net/http/httptrace net/http/httputil net/mail net/netip net/rpc net/smtp
    net/textproto net/url os os/exec os/signal os/user path path/filepath plugin reflect regexp regexp/syntax runtime
    runtime/debug runtime/metrics runtime/pprof runtime/trace slices sort strconv strings sync sync/atomic syscall
    testing testing/fstest testing/iotest testing/quick testing/slogtest text/scanner text/tabwriter text/template
    text/template/parse time unicode unicode/utf16 unicode/utf8 unique unsafe
    """.split()
)
"""Their import paths."""

PACKAGES: Mapping[str, str] = {path.rpartition("/")[2]: path for path in sorted(PATHS)} | {
    "rand": "math/rand/v2",
    "scanner": "text/scanner",
    "template": "html/template",
}
"""Their import paths by name; where several packages have one name, that whose types signatures rather mention."""

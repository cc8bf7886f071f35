package partyline.app.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import partyline.app.config.Config;
import partyline.kernel.StartupFailure;

/// A certificate, those that vouch for it, and its key, as `http.tls` names their files. Immutable.
public record PemFiles(List<X509Certificate> chain, PrivateKey key) {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final Map<String, String> SIGNED_WITH =
            Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA", "EdDSA", "EdDSA");

    private record Block(String kind, byte[] content) {}

    public PemFiles {
        chain = List.copyOf(chain);
    }

    /// Reads both files.
    ///
    /// @throws StartupFailure naming the file, what is wrong with it, and what to do.
    public static PemFiles read(Config.Tls tls) {
        List<X509Certificate> chain = chain(tls.certificateFile());
        PrivateKey key = key(tls.keyFile(), chain.getFirst().getPublicKey());
        return new PemFiles(chain, key);
    }

    /// Until when clients take the certificate.
    public Instant until() {
        return chain.getFirst().getNotAfter().toInstant();
    }

    /// For Jetty; nothing in it is locked.
    KeyStore store() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("partyline", key, new char[0], chain.toArray(Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<X509Certificate> chain(Path file) {
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            List<X509Certificate> chain = new ArrayList<>();
            for (Block block : blocks("certificate", file)) {
                if (block.kind().equals("CERTIFICATE")) {
                    chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content())));
                }
            }
            if (chain.isEmpty()) {
                throw wrong("certificate", file, "has no certificate: it begins with -----BEGIN CERTIFICATE-----");
            }
            return chain;
        } catch (GeneralSecurityException e) {
            throw wrong("certificate", file, "is damaged (" + e.getMessage() + "): get it anew");
        }
    }

    private static PrivateKey key(Path file, PublicKey certified) {
        Block block = blocks("key", file).stream()
                .filter(it -> it.kind().endsWith("PRIVATE KEY"))
                .findFirst()
                .orElseThrow(() -> wrong("key", file, "has no key: it begins with -----BEGIN PRIVATE KEY-----"));
        if (!block.kind().equals("PRIVATE KEY")) {
            throw wrong(
                    "key",
                    file,
                    (block.kind().startsWith("ENCRYPTED") ? "is locked with a password" : "is in an older form")
                            + ": write it anew with \"openssl pkey -in " + file + " -out new.pem\"");
        }
        try {
            PrivateKey key = KeyFactory.getInstance(certified.getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(block.content()));
            if (belongs(key, certified)) {
                return key;
            }
        } catch (GeneralSecurityException e) {
            // Falls through: a key of another kind, or a damaged one.
        }
        throw wrong("key", file, "is not the key of the certificate: name the one that it was made with");
    }

    /// Whether what one signs is genuine to the other.
    private static boolean belongs(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        byte[] words = "partyline".getBytes(StandardCharsets.US_ASCII);
        Signature signature = Signature.getInstance(SIGNED_WITH.getOrDefault(certified.getAlgorithm(), "EdDSA"));
        signature.initSign(key);
        signature.update(words);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(words);
        return signature.verify(signed);
    }

    private static List<Block> blocks(String key, Path file) {
        try {
            Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
            return matcher.results()
                    .map(it -> new Block(it.group(1), Base64.getMimeDecoder().decode(it.group(2))))
                    .toList();
        } catch (IOException e) {
            throw new StartupFailure(
                    "Cannot read http.tls." + key + " " + file + " (" + e + "): check the path, and that the user "
                            + System.getProperty("user.name") + " may read it.",
                    e);
        } catch (IllegalArgumentException e) {
            throw wrong(key, file, "is damaged (" + e.getMessage() + "): get it anew");
        }
    }

    private static StartupFailure wrong(String key, Path file, String what) {
        return new StartupFailure("http.tls." + key + ": " + file + " " + what + ".");
    }
}

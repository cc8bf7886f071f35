package partyline.app.operator;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;

/// The archive of POSIX as far as a backup needs it: plain files with short names (`ustar`), of any size (as GNU's tar
/// writes those of 8 GiB and more). Any `tar` reads what this writes, and this reads what any writes of such files.
final class Tar {

    private static final int BLOCK = 512;
    private static final int LONGEST_NAME = 100;
    private static final long LARGEST_OCTAL = (1L << 33) - 1;
    private static final int SIZE_AT = 124;
    private static final int CHECKSUM_AT = 148;
    private static final int TYPE_AT = 156;
    private static final int PREFIX_AT = 345;
    private static final int LONGEST_PREFIX = 155;

    private Tar() {}

    /// Writes files one after the other; closing writes the end.
    static final class Writer extends FilterOutputStream {

        private final Instant at;

        /// `at` is the time that every file bears.
        Writer(OutputStream out, Instant at) {
            super(out);
            this.at = at;
        }

        /// Begins a file, of which exactly `size` bytes are to be written before the next begins or [#end].
        void begin(String name, long size) throws IOException {
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            if (text.length > LONGEST_NAME) {
                throw new IOException("the name " + name + " is too long for an archive");
            }
            ByteBuffer head = ByteBuffer.allocate(BLOCK);
            head.put(0, text);
            octal(head, 100, 8, 0600);
            octal(head, 108, 8, 0);
            octal(head, 116, 8, 0);
            if (size <= LARGEST_OCTAL) {
                octal(head, SIZE_AT, 12, size);
            } else {
                head.put(SIZE_AT, (byte) 0x80).putLong(SIZE_AT + 4, size);
            }
            octal(head, 136, 12, Math.max(0, at.getEpochSecond()));
            head.put(TYPE_AT, (byte) '0').put(257, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
            head.put(CHECKSUM_AT, "%06o\0 ".formatted(checksum(head)).getBytes(StandardCharsets.US_ASCII));
            out.write(head.array());
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        /// Fills the last block of a file of `size` bytes.
        void end(long size) throws IOException {
            out.write(new byte[padding(size)]);
        }

        @Override
        public void close() throws IOException {
            out.write(new byte[2 * BLOCK]);
            super.close();
        }
    }

    /// Takes files one after the other.
    static final class Reader {

        private final InputStream in;
        private long left;
        private int padding;

        Reader(InputStream in) {
            this.in = in;
        }

        /// Goes to the next plain file and returns its name; empty at the end. Folders and what only `tar` itself needs
        /// are passed over.
        Optional<String> next() throws IOException {
            while (true) {
                in.skipNBytes(left + padding);
                left = 0;
                padding = 0;
                byte[] bytes = in.readNBytes(BLOCK);
                if (bytes.length < BLOCK) {
                    throw new EOFException("the archive ends too early");
                }
                ByteBuffer head = ByteBuffer.wrap(bytes);
                if (bytes[0] == 0) {
                    return Optional.empty();
                }
                if (number(head, CHECKSUM_AT, 8) != checksum(head)) {
                    throw new IOException("the archive is damaged");
                }
                left = number(head, SIZE_AT, 12);
                padding = padding(left);
                if (bytes[TYPE_AT] == '0' || bytes[TYPE_AT] == 0) {
                    String prefix = text(head, PREFIX_AT, LONGEST_PREFIX);
                    String name = text(head, 0, LONGEST_NAME);
                    return Optional.of(prefix.isEmpty() ? name : prefix + "/" + name);
                }
            }
        }

        /// The bytes of the file that [#next] went to.
        InputStream body() {
            return new Body();
        }

        private final class Body extends InputStream {

            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
            }

            @Override
            public int read(byte[] bytes, int from, int length) throws IOException {
                if (left == 0) {
                    return -1;
                }
                int read = in.read(bytes, from, (int) Math.min(length, left));
                if (read < 0) {
                    throw new EOFException("the archive ends too early");
                }
                left -= read;
                return read;
            }
        }
    }

    private static int padding(long size) {
        return (int) ((BLOCK - size % BLOCK) % BLOCK);
    }

    private static void octal(ByteBuffer head, int at, int width, long number) {
        String digits = ("%0" + (width - 1) + "o").formatted(number);
        head.put(at, digits.getBytes(StandardCharsets.US_ASCII));
    }

    private static long number(ByteBuffer head, int at, int width) throws IOException {
        try {
            if (head.get(at) < 0) {
                byte[] bytes = new byte[width - 1];
                head.get(at + 1, bytes);
                return new BigInteger(1, bytes).longValueExact();
            }
            String digits = text(head, at, width).strip();
            return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IOException("the archive is damaged", e);
        }
    }

    private static String text(ByteBuffer head, int at, int width) {
        int end = at;
        while (end < at + width && head.get(end) != 0) {
            end++;
        }
        return new String(head.array(), at, end - at, StandardCharsets.UTF_8);
    }

    /// Of the whole head, in which its own place counts as blanks.
    private static int checksum(ByteBuffer head) {
        int sum = 0;
        for (int at = 0; at < BLOCK; at++) {
            sum += at >= CHECKSUM_AT && at < CHECKSUM_AT + 8 ? ' ' : head.get(at) & 0xFF;
        }
        return sum;
    }
}

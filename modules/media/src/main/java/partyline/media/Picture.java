package partyline.media;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/// A PNG or JPEG: which of them its bytes are, and how large they say that it is. Nothing of it is decoded.
record Picture(String contentType, int width, int height) {

    private static final long PNG = 0x89504E470D0A1A0AL;
    private static final int JPEG = 0xFFD8;
    private static final int PNG_HEADER = 0x49484452;
    private static final int PNG_HEADER_BYTES = 13;

    /// Empty for what is neither, or breaks off before its size.
    static Optional<Picture> read(InputStream body) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(body));
        try {
            int start = in.readUnsignedShort();
            if (start == JPEG) {
                return jpeg(in);
            }
            long rest = (long) in.readUnsignedShort() << 32 | Integer.toUnsignedLong(in.readInt());
            return ((long) start << 48 | rest) == PNG ? png(in) : Optional.empty();
        } catch (EOFException e) {
            return Optional.empty();
        }
    }

    /// The header comes first, and has one length.
    private static Optional<Picture> png(DataInputStream in) throws IOException {
        boolean header = in.readInt() == PNG_HEADER_BYTES && in.readInt() == PNG_HEADER;
        return header ? of("image/png", in.readInt(), in.readInt()) : Optional.empty();
    }

    /// Segments until the one that begins the frame; each begins with a marker and its own length.
    private static Optional<Picture> jpeg(DataInputStream in) throws IOException {
        while (true) {
            int marker = marker(in);
            int length = in.readUnsignedShort();
            if (marker < 0xC0 || marker == 0xD9 || marker == 0xDA || length < 2) {
                return Optional.empty();
            }
            if (isFrame(marker)) {
                in.skipNBytes(1);
                int height = in.readUnsignedShort();
                return of("image/jpeg", in.readUnsignedShort(), height);
            }
            in.skipNBytes(length - 2);
        }
    }

    /// The byte after 0xFF, of which there may be several; -1 for anything else.
    private static int marker(DataInputStream in) throws IOException {
        if (in.readUnsignedByte() != 0xFF) {
            return -1;
        }
        int marker = in.readUnsignedByte();
        while (marker == 0xFF) {
            marker = in.readUnsignedByte();
        }
        return marker;
    }

    /// Frames are 0xC0 to 0xCF but for three tables among them.
    private static boolean isFrame(int marker) {
        return marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    private static Optional<Picture> of(String contentType, int width, int height) {
        return width > 0 && height > 0 ? Optional.of(new Picture(contentType, width, height)) : Optional.empty();
    }
}

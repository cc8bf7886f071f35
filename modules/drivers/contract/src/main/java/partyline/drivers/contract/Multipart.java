package partyline.drivers.contract;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads `multipart/form-data`; the file's own name is under `<field>.filename`.
public final class Multipart {

    private static final Pattern NAME = Pattern.compile("[; ]name=\"([^\"]*)\"");
    private static final Pattern FILE = Pattern.compile("filename=\"([^\"]*)\"");

    private Multipart() {}

    public static Map<String, byte[]> read(String contentType, byte[] body) {
        String boundary =
                contentType.substring(contentType.indexOf("boundary=") + 9).replace("\"", "");
        Map<String, byte[]> fields = new HashMap<>();
        String text = new String(body, StandardCharsets.ISO_8859_1);
        for (String part : text.split(Pattern.quote("--" + boundary))) {
            int gap = part.indexOf("\r\n\r\n");
            Matcher name = NAME.matcher(part);
            if (gap > 0 && name.find()) {
                String value = part.substring(gap + 4, part.length() - 2);
                fields.put(name.group(1), value.getBytes(StandardCharsets.ISO_8859_1));
                Matcher file = FILE.matcher(part.substring(0, gap));
                if (file.find()) {
                    fields.put(name.group(1) + ".filename", file.group(1).getBytes(StandardCharsets.ISO_8859_1));
                }
            }
        }
        return fields;
    }
}

package io.direktiv.functions.oci;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// A program that makes a list of system calls and writes what each returned to its stdout, 8 bytes
/// each, the lowest byte first: a result, or an error number below zero. No shell has words for
/// most of them.
///
/// It is made here, byte by byte: a static program for Linux on x86-64, loaded as a whole at
/// [#BASE].
///
/// ```
///   ELF header · program header · texts · code · table of calls · results
/// ```
///
/// Sources: the System V ABI for AMD64, `elf(5)`, `syscall(2)`.
final class SystemCallProgram {
  /// How a call enters the kernel.
  enum Way {
    /// The instruction `syscall`, with the numbers of x86-64.
    NATIVE,
    /// The interrupt `0x80`, with the numbers of 32-bit programs.
    OLD
  }

  private static final int BASE = 0x400000;
  private static final int HEADERS = 64 + 56;
  private static final int ARGUMENTS = 6;
  private static final int ROW = 8 * (2 + ARGUMENTS);
  private static final int TEXT_BYTES = 64;
  private static final int TEXTS = 8;

  private final List<long[]> rows = new ArrayList<>();
  private final ByteArrayOutputStream texts = new ByteArrayOutputStream();

  /// Skips the tests on other processors.
  static void requireProcessor() {
    OciFixture.require(
        List.of("amd64", "x86_64").contains(System.getProperty("os.arch")),
        "the program that makes system calls is for x86-64 only");
  }

  /// What the calls returned, from what a program wrote.
  static List<Integer> results(byte[] written) {
    LongBuffer words = ByteBuffer.wrap(written).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
    return Stream.generate(words::get).limit(words.remaining()).map(Long::intValue).toList();
  }

  /// Adds a call; missing arguments are 0.
  void call(Way way, int number, long... arguments) {
    long[] row = new long[2 + ARGUMENTS];
    row[0] = number;
    System.arraycopy(arguments, 0, row, 1, arguments.length);
    row[1 + ARGUMENTS] = way.ordinal();
    rows.add(row);
  }

  /// The address of `text` when the program runs.
  long address(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length >= TEXT_BYTES || texts.size() >= TEXTS * TEXT_BYTES) {
      throw new IllegalArgumentException("no room for " + text);
    }
    long address = BASE + HEADERS + texts.size();
    texts.writeBytes(Arrays.copyOf(bytes, TEXT_BYTES));
    return address;
  }

  /// The program's file.
  byte[] toBytes() {
    int entry = HEADERS + TEXTS * TEXT_BYTES;
    int table = entry + code(0, 0).length;
    int results = table + rows.size() * ROW;
    int size = results + rows.size() * Long.BYTES;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    // e_ident: magic, 64 bits, little endian, version 1.
    file.put(new byte[] {0x7f, 'E', 'L', 'F', 2, 1, 1}).position(16);
    // e_type EXEC, e_machine X86_64, e_version, e_entry, e_phoff, e_shoff, e_flags.
    file.putShort((short) 2).putShort((short) 62).putInt(1);
    file.putLong(BASE + entry).putLong(64).putLong(0).putInt(0);
    // e_ehsize, e_phentsize, e_phnum, and no sections.
    file.putShort((short) 64).putShort((short) 56).putShort((short) 1);
    file.putShort((short) 64).putShort((short) 0).putShort((short) 0);
    // PT_LOAD, readable, writable and executable: the whole file.
    file.putInt(1).putInt(7).putLong(0).putLong(BASE).putLong(BASE);
    file.putLong(size).putLong(size).putLong(4096);
    file.put(texts.toByteArray()).position(entry);
    file.put(code(BASE + table, BASE + results));
    rows.forEach(row -> Arrays.stream(row).forEach(file::putLong));
    return file.array();
  }

  private byte[] code(int table, int results) {
    Code code = new Code();
    code.bytes(0x41, 0xbc).word(table); // mov r12d, table
    code.bytes(0x41, 0xbd).word(results); // mov r13d, results
    code.bytes(0x41, 0xbe).word(rows.size()); // mov r14d, the count
    int next = code.size();
    code.bytes(0x49, 0x8b, 0x04, 0x24); // mov rax, [r12]
    code.bytes(0x49, 0x83, 0x7c, 0x24, 0x38, 0x00); // cmp qword [r12+56], 0
    code.bytes(0x75, 0x22); // jne old
    code.bytes(0x49, 0x8b, 0x7c, 0x24, 0x08); // mov rdi, [r12+8]
    code.bytes(0x49, 0x8b, 0x74, 0x24, 0x10); // mov rsi, [r12+16]
    code.bytes(0x49, 0x8b, 0x54, 0x24, 0x18); // mov rdx, [r12+24]
    code.bytes(0x4d, 0x8b, 0x54, 0x24, 0x20); // mov r10, [r12+32]
    code.bytes(0x4d, 0x8b, 0x44, 0x24, 0x28); // mov r8, [r12+40]
    code.bytes(0x4d, 0x8b, 0x4c, 0x24, 0x30); // mov r9, [r12+48]
    code.bytes(0x0f, 0x05); // syscall
    code.bytes(0xeb, 0x1b); // jmp store
    // old:
    code.bytes(0x49, 0x8b, 0x5c, 0x24, 0x08); // mov rbx, [r12+8]
    code.bytes(0x49, 0x8b, 0x4c, 0x24, 0x10); // mov rcx, [r12+16]
    code.bytes(0x49, 0x8b, 0x54, 0x24, 0x18); // mov rdx, [r12+24]
    code.bytes(0x49, 0x8b, 0x74, 0x24, 0x20); // mov rsi, [r12+32]
    code.bytes(0x49, 0x8b, 0x7c, 0x24, 0x28); // mov rdi, [r12+40]
    code.bytes(0xcd, 0x80); // int 0x80
    // store:
    code.bytes(0x49, 0x89, 0x45, 0x00); // mov [r13], rax
    code.bytes(0x49, 0x83, 0xc4, ROW); // add r12, row
    code.bytes(0x49, 0x83, 0xc5, 0x08); // add r13, 8
    code.bytes(0x41, 0xff, 0xce); // dec r14d
    code.bytes(0x75, next - code.size() - 2); // jnz next
    code.bytes(0xb8).word(1); // mov eax, write
    code.bytes(0xbf).word(1); // mov edi, stdout
    code.bytes(0xbe).word(results); // mov esi, results
    code.bytes(0xba).word(rows.size() * Long.BYTES); // mov edx, their length
    code.bytes(0x0f, 0x05); // syscall
    code.bytes(0xb8).word(231); // mov eax, exit_group
    code.bytes(0x31, 0xff); // xor edi, edi
    code.bytes(0x0f, 0x05); // syscall
    return code.toBytes();
  }

  /// Machine code that is being written.
  private static final class Code {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Code bytes(int... bytes) {
      for (int each : bytes) {
        out.write(each);
      }
      return this;
    }

    void word(int value) {
      bytes(value, value >> 8, value >> 16, value >> 24);
    }

    int size() {
      return out.size();
    }

    byte[] toBytes() {
      return out.toByteArray();
    }
  }
}

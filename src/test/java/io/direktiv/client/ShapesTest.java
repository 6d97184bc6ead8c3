package io.direktiv.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.MethodDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.direktiv.protocol.ingress.IngressProto;
import io.direktiv.protocol.v1.DirektivProto;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// The hand-written shapes against the generated descriptors.
final class ShapesTest {
  static Stream<Method> methods() throws IllegalAccessException {
    List<Method> methods = new ArrayList<>();
    for (Class<?> service : List.of(Ingress.class, DirektivV1.class)) {
      for (java.lang.reflect.Field field : service.getDeclaredFields()) {
        if (field.getType() == Method.class && Modifier.isPublic(field.getModifiers())) {
          methods.add((Method) field.get(null));
        }
      }
    }
    return methods.stream();
  }

  @ParameterizedTest
  @MethodSource("methods")
  void agreesWithTheProtocol(Method method) {
    MethodDescriptor descriptor = descriptor(method.path());

    assertAgrees(method.request(), descriptor.getInputType());
    assertAgrees(method.response(), descriptor.getOutputType());
  }

  private static MethodDescriptor descriptor(String path) {
    String service = path.substring(path.indexOf('.') + 1, path.indexOf('/'));
    service = service.substring(service.lastIndexOf('.') + 1);
    for (FileDescriptor file :
        List.of(IngressProto.getDescriptor(), DirektivProto.getDescriptor())) {
      ServiceDescriptor found = file.findServiceByName(service);
      if (found != null) {
        assertThat(path).startsWith(found.getFullName() + "/");
        return found.findMethodByName(path.substring(path.indexOf('/') + 1));
      }
    }
    throw new AssertionError("no service for " + path);
  }

  private static void assertAgrees(Shape shape, Descriptor descriptor) {
    int before = 0;
    for (Field field : shape.fields()) {
      FieldDescriptor expected = descriptor.findFieldByNumber(field.number());
      assertThat(expected).as("%s of %s", field.name(), descriptor.getFullName()).isNotNull();
      assertThat(field.number()).isGreaterThan(before);
      before = field.number();
      assertThat(field.name()).isEqualTo(expected.getName());
      assertThat(field.isRepeated()).as(field.name()).isEqualTo(expected.isRepeated());
      String type = field.type() == Field.Type.MAP ? "MESSAGE" : field.type().name();
      assertThat(type).as(field.name()).isEqualTo(expected.getType().name());
      assertThat(field.type() == Field.Type.MAP).isEqualTo(expected.isMapField());
      if (field.shape() != null) {
        assertAgrees(field.shape(), expected.getMessageType());
      }
    }
  }
}

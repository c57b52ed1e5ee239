use serde::{Deserialize, Serialize};
use socketioxide_core::{
    Value,
    parser::{FirstElement, is_de_tuple, is_ser_tuple},
};

mod de;
mod ser;

/// Deserialize any deserializable data from a generic [`SocketIoValue`] data with this form:
/// `[event, ...data`].
/// * If T is a tuple or a tuple struct, the end of the array will be parsed as the data: `T = (..data)`.
/// * If T is something else, the first element of the array will be parsed as the data: `T = data[0]`.
pub fn from_value<'de, T: Deserialize<'de>>(
    value: &'de Value,
    with_event: bool,
) -> Result<T, rmp_serde::decode::Error> {
    let value = match value {
        Value::Bytes(v) => v,
        Value::Str(_, _) => return Err(serde::de::Error::custom("unexpected string data")),
    };
    if is_de_tuple::<T>() {
        de::from_bytes(value, with_event)
    } else {
        de::from_bytes_seed(value, FirstElement::default(), with_event)
    }
}

/// Serialize any serializable data and an event to a generic [`SocketIoValue`] data.
pub fn to_value<T: ?Sized + Serialize>(
    data: &T,
    event: Option<&str>,
) -> Result<Value, rmp_serde::encode::Error> {
    let data = if is_ser_tuple(data) {
        ser::into_bytes(data, event)?
    } else {
        ser::into_bytes(&(data,), event)?
    };
    Ok(Value::Bytes(data.into()))
}

pub fn read_event(data: &Value) -> Result<&str, rmp_serde::decode::Error> {
    let data = data.as_bytes().expect("bytes data for common parser");
    de::read_event(data)
}

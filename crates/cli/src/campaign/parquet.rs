//! The table of a campaign as Parquet, for pandas, Polars, DuckDB and the like.
//!
//! One row group, LZ4; floats split by bytes, which halves them. The bytes depend
//! on the rows alone.

use std::io::{self, Write};
use std::sync::Arc;

use kneadsim_search::campaign::{Campaign, Row, show};
use kneadsim_search::vary::{Distribution, Draw};
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};

/// Values of one column.
enum Values {
    Whole(Vec<i64>),
    Number(Vec<Option<f64>>),
    Text(Vec<String>),
}

/// The table, by columns.
pub struct Columns {
    names: Vec<String>,
    values: Vec<Values>,
}

impl Columns {
    /// Of no rows yet, in the order of the CSV file.
    pub fn new(campaign: &Campaign) -> Columns {
        let text = || Values::Text(Vec::new());
        let number = || Values::Number(Vec::new());
        let mut values = vec![Values::Whole(Vec::new()), Values::Whole(Vec::new()), text()];
        values.extend(campaign.variables.iter().map(|v| match v.distribution {
            Distribution::Among { .. } => text(),
            _ => number(),
        }));
        values.extend([
            text(),
            number(),
            number(),
            text(),
            text(),
            number(),
            text(),
            text(),
        ]);
        values.extend(campaign.measures.iter().map(|_| number()));
        values.extend([text(), text()]);
        Columns {
            names: Row::header(campaign),
            values,
        }
    }

    /// Takes a row.
    pub fn take(&mut self, campaign: &Campaign, row: &Row) {
        let (sample, base) = campaign.place(row.case);
        let mut columns = self.values.iter_mut();
        let mut put = |field: Field| match (columns.next(), field) {
            (Some(Values::Whole(column)), Field::Whole(value)) => column.push(value),
            (Some(Values::Number(column)), Field::Number(value)) => column.push(value),
            (Some(Values::Text(column)), Field::Text(value)) => column.push(value),
            _ => unreachable!("columns and fields are in one order"),
        };
        put(Field::Whole(row.case as i64));
        put(Field::Whole(i64::from(sample)));
        put(Field::Text(campaign.bases[base].clone()));
        for (variable, draw) in campaign.variables.iter().zip(campaign.draws(sample)) {
            put(match draw {
                Draw::Number(value) => Field::Number(Some(value)),
                Draw::Choice(_) => Field::Text(show(&variable.distribution, draw)),
            });
        }
        put(Field::Text(row.ending.word().to_owned()));
        put(Field::Number(row.nearness_k));
        put(Field::Number(row.margin));
        put(Field::Text(row.unit.clone()));
        put(Field::Text(row.decided_by.clone()));
        put(Field::Number(row.at_s));
        put(Field::Text(row.mode.clone()));
        put(Field::Text(row.fault.clone()));
        row.measures.iter().for_each(|m| put(Field::Number(*m)));
        put(Field::Text(format!("{:032x}", row.digest)));
        put(Field::Text(row.note.clone()));
    }

    /// Writes the file.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, campaign: &Campaign, out: &mut dyn Write) -> io::Result<()> {
        self.try_write(campaign, out).map_err(io::Error::other)
    }

    fn try_write(&self, campaign: &Campaign, out: &mut dyn Write) -> parquet::errors::Result<()> {
        let mut fields = Vec::new();
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::LZ4_RAW)
            .set_created_by(format!("kneadsim, campaign \"{}\"", campaign.title));
        for (name, values) in self.names.iter().zip(&self.values) {
            let builder = match values {
                Values::Whole(_) => Type::primitive_type_builder(name, Physical::INT64)
                    .with_repetition(Repetition::REQUIRED),
                Values::Number(_) => {
                    let path = ColumnPath::new(vec![name.clone()]);
                    properties = properties
                        .set_column_encoding(path.clone(), Encoding::BYTE_STREAM_SPLIT)
                        .set_column_dictionary_enabled(path, false);
                    Type::primitive_type_builder(name, Physical::DOUBLE)
                        .with_repetition(Repetition::OPTIONAL)
                }
                Values::Text(_) => Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
                    .with_repetition(Repetition::REQUIRED)
                    .with_logical_type(Some(LogicalType::String)),
            };
            fields.push(Arc::new(builder.build()?));
        }
        let schema = Type::group_type_builder("cases")
            .with_fields(fields)
            .build()?;
        // The library wants an output that can be sent to a thread: whole in memory.
        let mut bytes = Vec::new();
        let mut writer =
            SerializedFileWriter::new(&mut bytes, Arc::new(schema), Arc::new(properties.build()))?;
        let mut group = writer.next_row_group()?;
        let mut columns = self.values.iter();
        while let Some(mut column) = group.next_column()? {
            match columns.next() {
                Some(Values::Whole(values)) => {
                    column
                        .typed::<Int64Type>()
                        .write_batch(values, None, None)?;
                }
                Some(Values::Number(values)) => {
                    let there: Vec<i16> = values.iter().map(|v| i16::from(v.is_some())).collect();
                    let dense: Vec<f64> = values.iter().flatten().copied().collect();
                    column
                        .typed::<DoubleType>()
                        .write_batch(&dense, Some(&there), None)?;
                }
                Some(Values::Text(values)) => {
                    let texts: Vec<ByteArray> =
                        values.iter().map(|t| ByteArray::from(t.as_str())).collect();
                    column
                        .typed::<ByteArrayType>()
                        .write_batch(&texts, None, None)?;
                }
                None => unreachable!("as many columns as in the schema"),
            }
            column.close()?;
        }
        group.close()?;
        writer.close()?;
        out.write_all(&bytes)?;
        Ok(())
    }
}

enum Field {
    Whole(i64),
    Number(Option<f64>),
    Text(String),
}

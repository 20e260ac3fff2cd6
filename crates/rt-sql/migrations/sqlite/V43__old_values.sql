CREATE TABLE OldValues (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Recomputation int NOT NULL,
    Number int NOT NULL,
    TableName varchar(64) NOT NULL CHECK (length(TableName) <= 64),
    RowName mediumtext NOT NULL,
    ColumnName varchar(64) NOT NULL CHECK (length(ColumnName) <= 64),
    Value mediumtext,
    PRIMARY KEY (MRN, PlanID, Recomputation, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);

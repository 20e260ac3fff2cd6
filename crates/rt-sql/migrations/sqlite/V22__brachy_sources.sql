CREATE TABLE BrachySources (
    MRN varchar(64) NOT NULL CHECK (length(MRN) <= 64),
    PlanID smallint unsigned NOT NULL,
    Number int NOT NULL,
    SourceNumber int NOT NULL,
    SourceType varchar(64) CHECK (length(SourceType) <= 64),
    Isotope varchar(64) CHECK (length(Isotope) <= 64),
    HalfLife_days double,
    StrengthUnits varchar(64) CHECK (length(StrengthUnits) <= 64),
    AirKermaRate_uGy_per_h double,
    ReferenceTime datetime,
    PRIMARY KEY (MRN, PlanID, Number),
    FOREIGN KEY (MRN, PlanID) REFERENCES Imports (MRN, PlanID)
);

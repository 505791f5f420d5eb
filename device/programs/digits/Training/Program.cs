// Trains the classifier of device/programs/digits again: dotnet run --project device/programs/digits/Training -- FOLDER
// writes FOLDER/weights.h from FOLDER/training.bin and says how good it is on FOLDER/digits.bin.
using DePinEdge.Programs.Digits.Training;

if (args is not [var folder])
{
    Console.Error.WriteLine("usage: dotnet run --project device/programs/digits/Training -- FOLDER, the folder of training.bin");
    return 2;
}
var training = DigitRows.Training(folder);
var network = new IntegerNetwork(Trainer.Train(training), training);
var heldOut = DigitRows.HeldOut(folder);
File.WriteAllText(Path.Combine(folder, "weights.h"), network.ToHeader());
Console.WriteLine($"right: {network.Right(training)} of {training.Count} training digits, {network.Right(heldOut)} of {heldOut.Count} held out");
return 0;
